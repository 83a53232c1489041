import { t } from '../text/words';
import { Button } from './button';
import { Icon } from './icon';
import styles from './chips.module.css';

export interface Chip {
  key: string;
  kind?: string;
  label: string;
  onRemove: () => void;
}

/** What a list is filtered by; each chip takes its filter off. */
export function FilterChips({ chips, onClear }: { chips: Chip[]; onClear: () => void }) {
  if (chips.length === 0) return null;
  return (
    <div className={styles.chips} role="group" aria-label={t('Filters that are on')}>
      {chips.map((chip) => (
        <button key={chip.key} type="button" className={styles.chip} onClick={chip.onRemove}>
          <span className="unseen">{t('Remove filter')} </span>
          {chip.kind && <span className={styles.kind}>{chip.kind}</span>}
          {chip.label}
          <Icon name="cross" size={14} />
        </button>
      ))}
      <Button variant="ghost" size="small" onClick={onClear}>
        {t('Clear all')}
      </Button>
    </div>
  );
}
