import type { Pictured } from '../../api/images';
import { t } from '../../text/words';
import { levelName } from '../badge';
import { Button } from '../button';
import { shapeOf } from '../justified-grid/rows';
import { reveal, useVeiled } from './levels';
import { Picture } from './picture';
import styles from './picture.module.css';

interface FrontProps {
  image: Pictured;
  /** Of what it stands for. */
  name: string;
  /** Width of its box, CSS pixels, and that divided by its height. */
  width: number;
  shape: number;
}

/** The picture of a card for something else: veiled by its level, with a button that shows it. */
export function Front({ image, name, width, shape }: FrontProps) {
  const { veiled } = useVeiled(image);
  const level = levelName(image.nsfwLevel);
  // What is broader than the box is cut at the sides, so more of it is asked for.
  const wide = Math.round(width * Math.max(1, shapeOf(image.width, image.height) / shape));
  return (
    <>
      <Picture key={image.id} image={image} width={wide} veiled={veiled} />
      {veiled && (
        <div className={styles.veil}>
          <Button
            size="small"
            icon="eye"
            onClick={() => reveal(image.id)}
            aria-label={t('Show the cover of {name}, rated {level}', { name, level })}
          >
            {width > 120 ? t('Show') : undefined}
          </Button>
        </div>
      )}
    </>
  );
}
