import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { accounts, useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { EmailPart, NewPasswordPart, Rest, UsernamePart } from '../../ui/form-parts';
import { Empty } from '../../ui/state';
import { useArrival } from './next';
import { SignPage, asideClass } from './sign-page';

export function SignUp() {
  usePageTitle(t('Sign up'));
  const search = useSearch({ from: '/sign-up' });
  const viewer = useViewer();
  const arrive = useArrival();
  const [email, setEmail] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [invite, setInvite] = useState(search.invite ?? '');
  const form = useForm(
    ['email', 'username', 'password', 'invite'],
    () => accounts.signUp({ email, username, password, invite: invite.trim() || undefined }),
    () => arrive(search.next),
  );
  if (viewer?.registration === 'closed') {
    return (
      <Empty page icon="key" title={t('This server takes no new members')}>
        {t('Its administrator can make an account for you.')}
      </Empty>
    );
  }
  const invited = viewer?.registration === 'invite';
  return (
    <SignPage
      title={t('Make an account')}
      seed="a new easel"
      intro={invited ? t('You need an invitation from a member of this server.') : undefined}
      onSubmit={form.submit}
    >
      <Rest form={form} />
      {(invited || invite) && (
        <TextField
          label={t('Invitation')}
          name="invite"
          required
          value={invite}
          onChange={(event) => setInvite(event.target.value)}
          error={form.error('invite')}
        />
      )}
      <EmailPart form={form} value={email} onText={setEmail} />
      <UsernamePart
        form={form}
        value={username}
        onText={setUsername}
        hint={t('Others see this name beside what you publish.')}
      />
      <NewPasswordPart form={form} value={password} onText={setPassword} />
      <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
        {t('Make the account')}
      </Button>
      <div className={asideClass}>
        <span>
          {t('You have one already?')}{' '}
          <Link to="/sign-in" search={{ next: search.next }}>
            {t('Sign in')}
          </Link>
        </span>
      </div>
    </SignPage>
  );
}
