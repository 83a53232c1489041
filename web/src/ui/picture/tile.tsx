import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { ImageCard, Pictured } from '../../api/images';
import { compact, duration } from '../../text/format';
import { t } from '../../text/words';
import { Badge, LevelBadge, levelName } from '../badge';
import { Button } from '../button';
import { Icon } from '../icon';
import { reveal, useVeiled } from './levels';
import { Picture } from './picture';
import styles from './tile.module.css';

export function imageWords(image: Pictured): string {
  const values = { name: image.creator };
  return image.type === 'video' ? t('Video by {name}', values) : t('Image by {name}', values);
}

/** How a picture is opened over the page that shows it: the address becomes its own. */
export function viewing(id: number, list?: string) {
  return {
    to: '.' as const,
    search: true as const,
    mask: { to: '/images/$id' as const, params: { id: String(id) } },
    state: (before: object) => ({ ...before, viewing: id, list }),
    resetScroll: false,
  };
}

interface TileProps {
  image: ImageCard;
  /** Width it is drawn at, CSS pixels. */
  width: number;
  tabIndex?: 0 | -1;
  /** Names the list it stands in, for its neighbours. */
  list?: string;
}

/** A picture in a grid; words and marks stay out of its way. */
export const ImageTile = memo(function ImageTile({ image, width, tabIndex, list }: TileProps) {
  const { veiled } = useVeiled(image);
  const level = levelName(image.nsfwLevel);
  const reactions = image.likeCount + image.heartCount + image.laughCount + image.cryCount;
  const words = imageWords(image);
  return (
    <>
      <Link
        {...viewing(image.id, list)}
        className={styles.link}
        tabIndex={tabIndex}
        aria-label={veiled ? t('{words}, hidden: {level}', { words, level }) : words}
        preload={false}
      >
        <Picture image={image} width={width} veiled={veiled} />
      </Link>
      <div className={styles.marks}>
        {image.nsfwLevel > 1 && <LevelBadge bits={image.nsfwLevel} />}
        {image.type === 'video' && (
          <Badge icon="play">
            {image.durationMs ? duration(image.durationMs / 1000) : t('Video')}
          </Badge>
        )}
      </div>
      {image.state !== 'ready' && <p className={styles.state}>{stateWords(image)}</p>}
      <div className={styles.words}>
        <span>{image.creator}</span>
        {reactions > 0 && (
          <span>
            <Icon name="heart" size={14} />
            <span className="unseen">{t('Reactions:')}</span>
            {compact(reactions)}
          </span>
        )}
        {image.commentCount > 0 && (
          <span>
            <Icon name="comment" size={14} />
            <span className="unseen">{t('Comments:')}</span>
            {compact(image.commentCount)}
          </span>
        )}
      </div>
      {veiled && (
        <div className={styles.veil}>
          <Button
            size="small"
            icon="eye"
            tabIndex={tabIndex}
            onClick={() => reveal(image.id)}
            aria-label={t('Show {words}, rated {level}', { words, level })}
          >
            {t('Show')}
          </Button>
        </div>
      )}
    </>
  );
});

export function stateWords(image: ImageCard): string {
  switch (image.state) {
    case 'pending':
      return t('Being read');
    case 'blocked':
      return image.problem || t('Not accepted here');
    default:
      return image.problem || t('This file could not be read');
  }
}
