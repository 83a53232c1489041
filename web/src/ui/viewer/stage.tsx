import { useEffect, useRef, useState } from 'react';
import { addressOf, originalOf } from '../../api/images';
import type { ImageCard } from '../../api/images';
import { t } from '../../text/words';
import { levelName } from '../badge';
import { Button } from '../button';
import { reveal, useVeiled, useVeils } from '../picture/levels';
import { Picture } from '../picture/picture';
import { imageWords, stateWords } from '../picture/tile';
import { useStage } from './use-stage';
import styles from './viewer.module.css';

interface StageProps {
  image: ImageCard;
  next?: ImageCard;
  previous?: ImageCard;
  onStep: (by: 1 | -1) => void;
  onLeave?: () => void;
  /** Called with what the space bar does. */
  bind: (toggle: () => void) => void;
}

const wide = () => Math.max(screen.width, screen.height);

/** Neighbours are fetched ahead, so that the next step shows them at once; not what is veiled. */
function usePreload(...neighbours: (ImageCard | undefined)[]) {
  const veils = useVeils();
  const key = neighbours
    .filter((one) => one !== undefined)
    .filter((one) => one.state === 'ready' && one.type === 'image' && !veils(one).veiled)
    .map((one) => addressOf(one, wide()))
    .join(' ');
  useEffect(() => {
    for (const address of key.split(' ').filter(Boolean)) new Image().src = address;
  }, [key]);
}

export function Stage({ image, next, previous, onStep, onLeave, bind }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const size = { width: image.width || 1, height: image.height || 1 };
  const leave = onLeave ?? (() => undefined);
  const { stand, pulled, toggle, handlers } = useStage(frame, size, { onStep, onLeave: leave });
  const { veilable, veiled } = useVeiled(image);
  useEffect(() => bind(toggle));
  usePreload(next, previous);
  const film = image.type === 'video';
  const zoomed = stand.scale > 1;
  // The prepared picture is enough until somebody looks closely.
  const [sharp, setSharp] = useState(false);
  if (zoomed && !sharp && image.width > wide()) setSharp(true);
  const open = !veiled && image.state === 'ready';
  const x = stand.x + pulled.x;
  const y = stand.y + pulled.y;
  return (
    <div
      ref={frame}
      className={styles.stage}
      data-zoomed={zoomed}
      {...(open && !film ? handlers : {})}
    >
      <div
        className={styles.sheet}
        style={{
          transform: `translate(${x}px, ${y}px) scale(${stand.scale})`,
          maxWidth: size.width,
          maxHeight: size.height,
        }}
      >
        {open && film ? (
          <video
            src={originalOf(image)}
            className={styles.film}
            controls
            loop
            playsInline
            aria-label={imageWords(image)}
          />
        ) : (
          <Picture
            key={image.id}
            image={image}
            width={wide()}
            fit="contain"
            veiled={veiled}
            alt={imageWords(image)}
          />
        )}
        {open && !film && sharp && (
          <img className={styles.film} src={originalOf(image)} alt="" draggable={false} />
        )}
      </div>
      {image.state !== 'ready' && <p className={styles.state}>{stateWords(image)}</p>}
      {veilable && veiled && (
        <div className={styles.veil}>
          <p>{t('Rated {level}', { level: levelName(image.nsfwLevel) })}</p>
          <Button icon="eye" onClick={() => reveal(image.id)}>
            {t('Show it')}
          </Button>
        </div>
      )}
      {previous && (
        <Button
          className={`${styles.step} ${styles.previous}`}
          icon="left"
          aria-label={t('Previous image')}
          onClick={() => onStep(-1)}
        />
      )}
      {next && (
        <Button
          className={`${styles.step} ${styles.next}`}
          icon="right"
          aria-label={t('Next image')}
          onClick={() => onStep(1)}
        />
      )}
    </div>
  );
}
