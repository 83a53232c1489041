import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { accounts } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { PasswordField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Empty, Notice } from '../../ui/state';
import { SignPage } from './sign-page';

export function Reset() {
  usePageTitle(t('New password'));
  const { token } = useSearch({ from: '/reset-password' });
  const [password, setPassword] = useState('');
  const form = useForm(
    ['password'],
    () => accounts.reset({ token: token ?? '', password }),
    () => undefined,
  );
  if (form.done) {
    return (
      <Empty
        page
        icon="check"
        title={t('The new password is set')}
        actions={
          <ButtonLink to="/sign-in" search={{ next: undefined }} variant="solid">
            {t('Sign in')}
          </ButtonLink>
        }
      >
        {t('All other sessions of your account were signed out.')}
      </Empty>
    );
  }
  return (
    <SignPage title={t('Choose a new password')} seed="new lock" onSubmit={form.submit}>
      {!token && (
        <Notice tone="warning">
          {t('The link is not complete. Copy it whole from the mail.')}
        </Notice>
      )}
      {form.rest && (
        <Notice tone="danger" alert>
          {form.rest}
        </Notice>
      )}
      <PasswordField
        label={t('New password')}
        name="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={form.error('password')}
        hint={t('At least 8 characters. A few unrelated words are easy to remember.')}
      />
      <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
        {t('Set the password')}
      </Button>
    </SignPage>
  );
}
