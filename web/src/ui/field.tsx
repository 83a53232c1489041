import { useId, useState } from 'react';
import type {
  InputHTMLAttributes,
  ReactNode,
  SelectHTMLAttributes,
  TextareaHTMLAttributes,
} from 'react';
import { t } from '../text/words';
import { Button } from './button';
import { Icon } from './icon';
import styles from './field.module.css';

interface Frame {
  label: string;
  hint?: ReactNode;
  error?: string;
  /** Marks a field that may stay empty; all others are required. */
  optional?: boolean;
}

interface Wires {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

/** Label, hint and error around one control, wired by id. */
export function Field(props: Frame & { children: (wires: Wires) => ReactNode }) {
  const id = useId();
  const { label, hint, error, optional, children } = props;
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label} {optional && <span className={styles.optional}>{t('(optional)')}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hint && (
        <div className={styles.hint} id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

/** What is wrong, beside what it is about. */
export function FieldError({ id, children }: { id?: string; children: string }) {
  return (
    <div className={styles.error} id={id} role={id ? undefined : 'alert'}>
      <Icon name="warning" size={16} />
      <span>{children}</span>
    </div>
  );
}

export const controlClass = styles.control;

type TextProps = Frame & InputHTMLAttributes<HTMLInputElement>;

export function TextField({ label, hint, error, optional, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(wires) => <input {...rest} {...wires} className={styles.control} />}
    </Field>
  );
}

/** A password with a button to show it (WCAG 3.3.8: pasting and managers always work). */
export function PasswordField({ label, hint, error, optional, ...rest }: TextProps) {
  const [shown, show] = useState(false);
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(wires) => (
        <div className={styles.reveal}>
          <input
            {...rest}
            {...wires}
            type={shown ? 'text' : 'password'}
            className={styles.control}
            spellCheck={false}
            autoCapitalize="off"
          />
          <Button
            variant="ghost"
            size="small"
            icon="eye"
            aria-label={shown ? t('Hide password') : t('Show password')}
            aria-pressed={shown}
            onClick={() => show(!shown)}
          />
        </div>
      )}
    </Field>
  );
}

type AreaProps = Frame & TextareaHTMLAttributes<HTMLTextAreaElement>;

export function TextArea({ label, hint, error, optional, ...rest }: AreaProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(wires) => <textarea {...rest} {...wires} className={styles.control} />}
    </Field>
  );
}

export interface Option {
  value: string;
  label: string;
}

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & { options: Option[] };

/** The browser's own list: right on phones, right for screen readers. */
export function Select({ options, compact, ...rest }: SelectProps & { compact?: boolean }) {
  return (
    <div className={compact ? `${styles.select} ${styles.compact}` : styles.select}>
      <select {...rest} className={styles.control}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" size={16} />
    </div>
  );
}

export function SelectField({ label, hint, error, optional, ...rest }: Frame & SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} optional={optional}>
      {(wires) => <Select {...rest} {...wires} />}
    </Field>
  );
}

type CheckProps = InputHTMLAttributes<HTMLInputElement> & { label: ReactNode; hint?: ReactNode };

/** A checkbox, or with `type="radio"` one of several. */
export function Check({ label, hint, type = 'checkbox', ...rest }: CheckProps) {
  return (
    <label className={styles.check}>
      <input {...rest} type={type} />
      <span>
        {label}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
    </label>
  );
}
