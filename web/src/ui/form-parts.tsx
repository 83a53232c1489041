import type { FormEvent, InputHTMLAttributes, ReactNode } from 'react';
import { t } from '../text/words';
import { PasswordField, TextField } from './field';
import { Notice } from './state';

/** What `useForm` gives that a form shows. */
interface Shown {
  submit: () => void;
  error: (name: string) => string | undefined;
  rest: string | undefined;
}

interface FormProps {
  form: Shown;
  className?: string;
  children: ReactNode;
}

/** A form that the server checks: what belongs to no field stands above them. */
export function Form({ form, className, children }: FormProps) {
  function submit(event: FormEvent) {
    event.preventDefault();
    form.submit();
  }
  return (
    <form className={className} onSubmit={submit} noValidate>
      <Rest form={form} />
      {children}
    </form>
  );
}

export function Rest({ form }: { form: Pick<Shown, 'rest'> }) {
  if (!form.rest) return null;
  return (
    <Notice tone="danger" alert>
      {form.rest}
    </Notice>
  );
}

interface PartProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'form'> {
  form: Pick<Shown, 'error'>;
  value: string;
  onText: (text: string) => void;
  label?: string;
  hint?: string;
}

export function EmailPart({ form, onText, label, ...rest }: PartProps) {
  return (
    <TextField
      label={label ?? t('Email')}
      type="email"
      name="email"
      autoComplete="email"
      required
      {...rest}
      onChange={(event) => onText(event.target.value)}
      error={form.error('email')}
    />
  );
}

export function UsernamePart({ form, onText, label, name = 'username', ...rest }: PartProps) {
  return (
    <TextField
      label={label ?? t('Username')}
      name={name}
      autoComplete="username"
      autoCapitalize="off"
      spellCheck={false}
      required
      {...rest}
      onChange={(event) => onText(event.target.value)}
      error={form.error(name)}
    />
  );
}

/** A password that is being chosen. */
export function NewPasswordPart({ form, onText, label, ...rest }: PartProps) {
  return (
    <PasswordField
      label={label ?? t('Password')}
      name="password"
      autoComplete="new-password"
      required
      {...rest}
      onChange={(event) => onText(event.target.value)}
      error={form.error('password')}
      hint={t('At least 8 characters. A few unrelated words are easy to remember.')}
    />
  );
}

/** The password that is in use, asked as proof; `name` is the field of the request. */
export function OwnPasswordPart({ form, onText, label, name = 'current', ...rest }: PartProps) {
  return (
    <PasswordField
      label={label ?? t('Current password')}
      name={name}
      autoComplete="current-password"
      required
      {...rest}
      onChange={(event) => onText(event.target.value)}
      error={form.error(name)}
    />
  );
}
