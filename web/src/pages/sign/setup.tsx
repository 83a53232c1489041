import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { administration } from '../../api/administration';
import { accounts, useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Check } from '../../ui/field';
import { useForm } from '../../ui/form';
import { EmailPart, NewPasswordPart, Rest, UsernamePart } from '../../ui/form-parts';
import { Empty, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { useArrival } from './next';
import { SignPage } from './sign-page';

/** The one-time link of a fresh server: the first administrator, and the demo if wanted. */
export function Setup() {
  usePageTitle(t('Set up'));
  const { token } = useSearch({ from: '/setup' });
  const viewer = useViewer();
  const arrive = useArrival();
  const [email, setEmail] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [demo, setDemo] = useState(true);
  const form = useForm(
    ['email', 'username', 'password'],
    async () => {
      await accounts.setUp({ token: token ?? '', email, username, password });
      if (demo) await administration.addDemo();
    },
    async () => {
      await arrive('/');
      if (demo) say(t('The demo is being made. Its models appear in a moment.'));
    },
  );
  if (viewer && !viewer.setupNeeded) {
    return (
      <Empty
        page
        icon="check"
        title={t('This server is already set up')}
        actions={
          <ButtonLink to="/sign-in" search={{ next: undefined }} variant="solid">
            {t('Sign in')}
          </ButtonLink>
        }
      >
        {t('The link worked once, for the first administrator.')}
      </Empty>
    );
  }
  return (
    <SignPage
      title={t('Open your atelier')}
      seed="opening day"
      intro={t('Make the first account. It administers this server.')}
      onSubmit={form.submit}
    >
      {!token && (
        <Notice tone="warning" title={t('The link is not complete')}>
          {t(
            'Copy the whole address that the server printed when it started, with everything after “token=”.',
          )}
        </Notice>
      )}
      <Rest form={form} />
      <EmailPart form={form} value={email} onText={setEmail} />
      <UsernamePart form={form} value={username} onText={setUsername} />
      <NewPasswordPart form={form} value={password} onText={setPassword} />
      <Check
        checked={demo}
        onChange={(event) => setDemo(event.target.checked)}
        label={t('Fill it with a demo community')}
        hint={t(
          'Small made-up models, each marked as demo. One click in the administration removes them all.',
        )}
      />
      <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
        {t('Open')}
      </Button>
    </SignPage>
  );
}
