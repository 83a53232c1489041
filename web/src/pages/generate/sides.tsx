import type { ReactNode } from 'react';
import { t } from '../../text/words';
import styles from './sides.module.css';

interface SidesProps<Side extends string> {
  sides: Record<Side, ReactNode>;
  shown: Side;
  /** Each takes its share of the width. */
  wide?: boolean;
  onShow: (side: Side) => void;
}

/** Which of two sides is shown, where there is no room for both. */
export function Sides<Side extends string>({ sides, shown, wide, onShow }: SidesProps<Side>) {
  return (
    <div
      role="group"
      aria-label={t('Show')}
      className={styles.sides}
      data-wide={wide || undefined}
    >
      {(Object.keys(sides) as Side[]).map((side) => (
        <button key={side} type="button" aria-pressed={side === shown} onClick={() => onShow(side)}>
          {sides[side]}
        </button>
      ))}
    </div>
  );
}
