import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accounts, viewerQuery } from '../../api/session';
import type { Account } from '../../api/shapes';
import { setTheme, useTheme } from '../../frame/theme';
import type { Theme } from '../../frame/theme';
import { bytes } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { PasswordField, SelectField, TextArea, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Progress } from '../../ui/progress';
import { Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import styles from './settings.module.css';

function ProfileForm({ user }: { user: Account }) {
  const queries = useQueryClient();
  const [displayName, setDisplayName] = useState(user.displayName ?? '');
  const [bio, setBio] = useState(user.bio ?? '');
  const form = useForm(
    ['displayName', 'bio'],
    () => accounts.change({ displayName, bio }),
    async () => {
      await queries.invalidateQueries({ queryKey: viewerQuery.queryKey });
      await queries.invalidateQueries({ queryKey: ['profile', user.username] });
      say(t('Saved'));
    },
  );
  return (
    <section className={styles.section}>
      <header>
        <h2>{t('Profile')}</h2>
        <p>{t('Everybody who can see this server can see this.')}</p>
      </header>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        {form.rest && (
          <Notice tone="danger" alert>
            {form.rest}
          </Notice>
        )}
        <TextField label={t('Username')} value={user.username} disabled readOnly />
        <TextField
          label={t('Display name')}
          optional
          value={displayName}
          onChange={(event) => setDisplayName(event.target.value)}
          error={form.error('displayName')}
        />
        <TextArea
          label={t('About you')}
          optional
          value={bio}
          onChange={(event) => setBio(event.target.value)}
          error={form.error('bio')}
        />
        <div>
          <Button type="submit" variant="solid" busy={form.busy}>
            {t('Save')}
          </Button>
        </div>
      </form>
    </section>
  );
}

function PasswordForm({ user, mail }: { user: Account; mail: boolean }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm(
    ['current', 'password'],
    () => accounts.changePassword(current, password),
    () => {
      setCurrent('');
      setPassword('');
      say(t('The new password is set. Other sessions were signed out.'));
    },
  );
  return (
    <section className={styles.section}>
      <header>
        <h2>{t('Password')}</h2>
        <p>{t('Your account’s email is {email}.', { email: user.email })}</p>
      </header>
      {!mail && (
        <Notice tone="warning" title={t('This server sends no mail')}>
          {t(
            'If you forget your password, only an administrator can help: no reset link can reach you.',
          )}
        </Notice>
      )}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        {form.rest && (
          <Notice tone="danger" alert>
            {form.rest}
          </Notice>
        )}
        <input type="hidden" autoComplete="username" value={user.username} readOnly />
        <PasswordField
          label={t('Current password')}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={form.error('current')}
        />
        <PasswordField
          label={t('New password')}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={form.error('password')}
          hint={t('At least 10 characters. A few unrelated words are easy to remember.')}
        />
        <div>
          <Button type="submit" busy={form.busy}>
            {t('Change password')}
          </Button>
        </div>
      </form>
    </section>
  );
}

export function AccountPart({ user, mail }: { user: Account; mail: boolean }) {
  const theme = useTheme();
  const used = user.storageUsed ?? 0;
  return (
    <>
      <ProfileForm user={user} />
      <section className={styles.section}>
        <h2>{t('Appearance')}</h2>
        <div className={styles.form}>
          <SelectField
            label={t('Theme')}
            value={theme}
            onChange={(event) => setTheme(event.target.value as Theme)}
            options={[
              { value: 'system', label: t('Theme of the system') },
              { value: 'light', label: t('Light') },
              { value: 'dark', label: t('Dark') },
            ]}
          />
        </div>
      </section>
      {user.storageLimit ? (
        <section className={styles.section}>
          <h2>{t('Storage')}</h2>
          <Progress
            label={t('Your files')}
            done={used}
            total={user.storageLimit}
            aside={t('{used} of {limit}', { used: bytes(used), limit: bytes(user.storageLimit) })}
          />
        </section>
      ) : null}
      <PasswordForm user={user} mail={mail} />
    </>
  );
}
