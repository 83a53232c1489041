import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { accounts } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { useForm } from '../../ui/form';
import { NewPasswordPart, Rest } from '../../ui/form-parts';
import { Empty, Notice } from '../../ui/state';
import { SignPage, asideClass } from './sign-page';

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
      <Rest form={form} />
      <NewPasswordPart
        form={form}
        label={t('New password')}
        value={password}
        onText={setPassword}
      />
      <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
        {t('Set the password')}
      </Button>
      {(!token || form.problem?.code === 'link_invalid') && (
        <div className={asideClass}>
          <Link to="/forgot">{t('Ask for a new link')}</Link>
        </div>
      )}
    </SignPage>
  );
}
