import { useState } from 'react';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import type { Deed } from './strokes';
import styles from './mask.module.css';

interface RectangleProps {
  /** Of the picture, pixels. */
  width: number;
  height: number;
  onDeed: (deed: Deed) => void;
}

/** A rectangle by numbers, for whoever does not paint by hand. */
export function MaskRectangle({ width, height, onDeed }: RectangleProps) {
  const [sides, setSides] = useState({
    x: Math.round(width / 4),
    y: Math.round(height / 4),
    width: Math.round(width / 2),
    height: Math.round(height / 2),
  });
  const fields = [
    ['x', t('Left'), width],
    ['y', t('Top'), height],
    ['width', t('Width'), width],
    ['height', t('Height'), height],
  ] as const;
  const deed = (erase: boolean): Deed => ({ kind: 'rectangle', erase, ...sides });
  return (
    <details className={styles.rectangle}>
      <summary>{t('Rectangle by numbers')}</summary>
      <div className={styles.sides}>
        {fields.map(([name, label, most]) => (
          <TextField
            key={name}
            label={label}
            type="number"
            min={0}
            max={most}
            value={sides[name]}
            onChange={(event) =>
              setSides({ ...sides, [name]: Math.max(0, event.target.valueAsNumber || 0) })
            }
          />
        ))}
        <div className={styles.row}>
          <Button size="small" icon="plus" onClick={() => onDeed(deed(false))}>
            {t('Add it')}
          </Button>
          <Button size="small" onClick={() => onDeed(deed(true))}>
            {t('Subtract it')}
          </Button>
        </div>
      </div>
    </details>
  );
}
