import { percent } from '../text/format';
import styles from './progress.module.css';

interface ProgressProps {
  label: string;
  /** Without a total the bar only says that something happens. */
  done?: number;
  total?: number;
  aside?: string;
  tone?: 'danger' | 'success' | 'quiet';
}

export function Progress({ label, done = 0, total, aside, tone }: ProgressProps) {
  const known = total !== undefined && total > 0;
  const value = known ? percent(done, total) : undefined;
  return (
    <div className={styles.progress} data-tone={tone}>
      <div className={styles.words}>
        <span>{label}</span>
        <span>{aside ?? (known ? `${value} %` : '')}</span>
      </div>
      <div
        className={known ? styles.track : `${styles.track} ${styles.unknown}`}
        role="progressbar"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div className={styles.bar} style={known ? { width: `${value}%` } : undefined} />
      </div>
    </div>
  );
}
