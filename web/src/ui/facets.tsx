import { useId, useState } from 'react';
import { number } from '../text/format';
import { t } from '../text/words';
import { Button } from './button';
import { Icon } from './icon';
import styles from './facets.module.css';

export interface FacetOption {
  value: string;
  label: string;
  count?: number;
}

interface FacetProps {
  title: string;
  options: FacetOption[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  /** Only one may be on. */
  single?: boolean;
  /** Show this many at first, of those that would list something. */
  first?: number;
}

export function Facet({ title, options, chosen, onChange, single, first = 12 }: FacetProps) {
  const id = useId();
  const [all, showAll] = useState(false);
  const some = options.filter((option) => option.count !== 0).slice(0, first);
  const shown = all
    ? options
    : options.filter((option) => some.includes(option) || chosen.includes(option.value));

  function toggle(value: string) {
    const on = chosen.includes(value);
    if (single) onChange(on ? [] : [value]);
    else onChange(on ? chosen.filter((one) => one !== value) : [...chosen, value]);
  }

  return (
    <details className={styles.group} open>
      <summary>
        {title}
        <Icon name="down" size={16} />
      </summary>
      <div className={styles.options} role="group" aria-label={title}>
        {shown.map((option) => (
          <label key={option.value} className={styles.option} data-none={option.count === 0}>
            <input
              type="checkbox"
              aria-label={option.label}
              aria-describedby={option.count === undefined ? undefined : `${id}-${option.value}`}
              checked={chosen.includes(option.value)}
              onChange={() => toggle(option.value)}
            />
            <span>
              {option.label}
              {option.count !== undefined && (
                <span className={styles.count} id={`${id}-${option.value}`}>
                  {number(option.count)}
                </span>
              )}
            </span>
          </label>
        ))}
        {options.length > shown.length && (
          <Button variant="ghost" size="small" onClick={() => showAll(true)}>
            {shown.length
              ? t('{count} more', { count: options.length - shown.length })
              : t('Show all {count, number}', { count: options.length })}
          </Button>
        )}
      </div>
    </details>
  );
}
