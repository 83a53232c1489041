import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { session, useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { useForm } from '../../ui/form';
import { OwnPasswordPart, Rest, UsernamePart } from '../../ui/form-parts';
import { Notice } from '../../ui/state';
import { useArrival } from './next';
import { SignPage, asideClass } from './sign-page';

export function SignIn() {
  usePageTitle(t('Sign in'));
  const { next } = useSearch({ from: '/sign-in' });
  const viewer = useViewer();
  const arrive = useArrival();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm(
    ['login', 'password'],
    () => session.signIn({ login, password }),
    () => arrive(next),
  );
  return (
    <SignPage title={t('Welcome back')} seed="the door" onSubmit={form.submit}>
      <Rest form={form} />
      {form.problem?.code === 'account_banned' && (
        <p>
          <Link to="/appeal">{t('Appeal against the ban')}</Link>
        </p>
      )}
      <UsernamePart
        form={form}
        label={t('Email or username')}
        name="login"
        value={login}
        onText={setLogin}
      />
      <OwnPasswordPart
        form={form}
        label={t('Password')}
        name="password"
        value={password}
        onText={setPassword}
      />
      <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
        {t('Sign in')}
      </Button>
      <div className={asideClass}>
        <Link to="/forgot">{t('Forgot your password?')}</Link>
        {viewer && viewer.registration !== 'closed' && (
          <Link to="/sign-up" search={{ next }}>
            {t('Make an account')}
          </Link>
        )}
      </div>
      {viewer && !viewer.secure && location.protocol === 'http:' && !isLocal() && (
        <Notice tone="warning" title={t('This connection is not encrypted')}>
          {t(
            'Anyone on the network between you and this server can read what you type. Its administrator can turn on TLS.',
          )}
        </Notice>
      )}
    </SignPage>
  );
}

function isLocal(): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);
}
