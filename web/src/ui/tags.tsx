import { useState } from 'react';
import { t } from '../text/words';
import { Combobox } from './combobox';
import type { Suggestion } from './combobox';
import { Field } from './field';
import { Icon } from './icon';
import styles from './combobox.module.css';

interface TagsProps {
  label: string;
  hint?: string;
  error?: string;
  optional?: boolean;
  value: string[];
  onChange: (value: string[]) => void;
  suggestions?: Suggestion[];
  onQuery?: (query: string) => void;
  limit?: number;
  placeholder?: string;
}

/** Several short words: Enter or a comma adds one, Backspace takes the last away. */
export function TagsField(props: TagsProps) {
  const { label, hint, error, optional, value, onChange, suggestions = [], onQuery } = props;
  const { limit = 40, placeholder } = props;
  const [text, setText] = useState('');

  function change(next: string) {
    setText(next);
    onQuery?.(next);
  }

  function add(word: string) {
    const present = value.some((one) => one.toLowerCase() === word.toLowerCase());
    if (!present && value.length < limit) onChange([...value, word]);
    change('');
  }

  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(wires) => (
        <div className={styles.tags}>
          {value.map((word) => (
            <span key={word} className={styles.tag}>
              {word}
              <button
                type="button"
                aria-label={t('Remove {word}', { word })}
                onClick={() => onChange(value.filter((one) => one !== word))}
              >
                <Icon name="cross" size={14} />
              </button>
            </span>
          ))}
          <Combobox
            {...wires}
            bare
            free
            value={text}
            onChange={change}
            onPick={add}
            onBack={() => onChange(value.slice(0, -1))}
            placeholder={value.length === 0 ? placeholder : undefined}
            suggestions={suggestions.filter((one) => !value.includes(one.value))}
          />
        </div>
      )}
    </Field>
  );
}
