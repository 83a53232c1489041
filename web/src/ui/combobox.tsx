import { useId, useState } from 'react';
import type { InputHTMLAttributes, KeyboardEvent } from 'react';
import { controlClass } from './field';
import styles from './combobox.module.css';

export interface Suggestion {
  value: string;
  label?: string;
  aside?: string;
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'onSelect'>;

interface ComboboxProps extends InputProps {
  value: string;
  onChange: (value: string) => void;
  suggestions: Suggestion[];
  /** Called for a picked suggestion and, when `free`, for Enter on other text. */
  onPick: (value: string) => void;
  free?: boolean;
  /** Called for Backspace in an empty field. */
  onBack?: () => void;
  bare?: boolean;
}

/** A text field with a list of suggestions (ARIA 1.2 combobox, list autocomplete). */
export function Combobox(props: ComboboxProps) {
  const { value, onChange, suggestions, onPick, free, onBack, bare, ...rest } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open && suggestions.length > 0;

  function pick(text: string) {
    setOpen(false);
    setActive(-1);
    onPick(text);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) {
      event.preventDefault();
      setOpen(true);
      const count = suggestions.length;
      if (count) setActive((active + step + count + (active < 0 && step < 0 ? 1 : 0)) % count);
    } else if (event.key === 'Enter' || (free && event.key === ',' && value.trim())) {
      const chosen = shown ? suggestions[active] : undefined;
      if (chosen || (free && value.trim())) {
        event.preventDefault();
        pick(chosen?.value ?? value.trim());
      }
    } else if (event.key === 'Escape' && shown) {
      event.stopPropagation();
      event.preventDefault();
      setOpen(false);
    } else if (event.key === 'Backspace' && !value) onBack?.();
  }

  return (
    <div className={styles.box}>
      <input
        {...rest}
        className={bare ? undefined : controlClass}
        value={value}
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        onChange={(event) => {
          onChange(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
      />
      <ul id={`${id}-list`} role="listbox" hidden={!shown} className={styles.list}>
        {suggestions.map((one, index) => (
          <li
            key={one.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={styles.option}
            onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => setActive(index)}
            onClick={() => pick(one.value)}
          >
            <span>{one.label ?? one.value}</span>
            {one.aside && <span className={styles.aside}>{one.aside}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
