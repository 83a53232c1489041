import { useId } from 'react';
import { Field, controlClass } from './field';
import styles from './slider.module.css';

interface SliderProps {
  label: string;
  hint?: string;
  error?: string;
  /** Absent: what `usual` says. */
  value: number | undefined;
  usual?: number;
  min: number;
  max: number;
  step: number;
  /** The number may go beyond the slider's ends. */
  least?: number;
  most?: number;
  onChange: (value: number | undefined) => void;
  /** The line is narrow: only the accessible name says what it is. */
  bare?: boolean;
}

/** A number by hand or by sliding. Emptied, it is left to whoever knows what fits. */
export function Slider(props: SliderProps) {
  const { label, hint, error, bare, ...rest } = props;
  if (bare) return <Line {...rest} label={label} id={undefined} />;
  return (
    <Field label={label} hint={hint} error={error}>
      {(wires) => <Line {...rest} {...wires} label={label} />}
    </Field>
  );
}

type LineProps = Omit<SliderProps, 'hint' | 'error' | 'bare'> & {
  id?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
};

function Line(props: LineProps) {
  const { label, value, usual, min, max, step, least, most, onChange, id, ...wires } = props;
  const own = useId();
  const shown = value ?? usual ?? min;
  return (
    <div className={styles.line}>
      <input
        type="range"
        aria-label={label}
        className={styles.range}
        min={min}
        max={max}
        step={step}
        value={Math.min(max, Math.max(min, shown))}
        data-usual={value === undefined || undefined}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <input
        {...wires}
        id={id ?? own}
        aria-label={id ? undefined : label}
        type="number"
        inputMode="decimal"
        className={`${controlClass} ${styles.number}`}
        min={least ?? min}
        max={most ?? max}
        step="any"
        placeholder={usual === undefined ? undefined : String(usual)}
        value={value ?? ''}
        onChange={(event) => {
          const { value: text, valueAsNumber } = event.target;
          onChange(text === '' || Number.isNaN(valueAsNumber) ? undefined : valueAsNumber);
        }}
      />
    </div>
  );
}
