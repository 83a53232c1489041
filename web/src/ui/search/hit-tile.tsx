import { Link } from '@tanstack/react-router';
import type { SearchHit } from '../../api/search';
import { t } from '../../text/words';
import { Badge, levelName } from '../badge';
import { Button } from '../button';
import { reveal } from '../picture/levels';
import { viewing } from '../picture/tile';
import tile from '../picture/tile.module.css';
import { HitCounts } from './counts';
import { HitLevel, namelessWords } from './hit-card';
import { HitPicture, useHitVeiled } from './hit-picture';
import styles from './search.module.css';

/** An image that was found: it opens over the page, and is veiled by its level. */
export function HitTile({ hit }: { hit: SearchHit }) {
  const veiled = useHitVeiled(hit);
  const level = levelName(hit.nsfwLevel);
  const words = namelessWords(hit);
  return (
    <div className={styles.tile}>
      <Link
        {...viewing(hit.id)}
        className={tile.link}
        aria-label={veiled ? t('{words}, hidden: {level}', { words, level }) : words}
        preload={false}
      >
        <HitPicture hit={hit} width={260} />
      </Link>
      <div className={tile.marks}>
        <HitLevel hit={hit} />
        {hit.type === 'video' && <Badge icon="play">{t('Video')}</Badge>}
      </div>
      <div className={tile.words}>
        <span>{hit.username}</span>
        <HitCounts hit={hit} />
      </div>
      {veiled && (
        <div className={tile.veil}>
          <Button
            size="small"
            icon="eye"
            onClick={() => reveal(hit.id)}
            aria-label={t('Show {words}, rated {level}', { words, level })}
          >
            {t('Show')}
          </Button>
        </div>
      )}
    </div>
  );
}
