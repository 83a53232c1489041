import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { accounts, viewerQuery } from '../../api/session';
import type { Self } from '../../api/shapes';
import { setTheme, useTheme } from '../../frame/theme';
import type { Theme } from '../../frame/theme';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { EmailPart, Form, NewPasswordPart, OwnPasswordPart } from '../../ui/form-parts';
import { Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import styles from './settings.module.css';

function ProfileForm({ user }: { user: Self }) {
  const queries = useQueryClient();
  const [bio, setBio] = useState(user.bio);
  const form = useForm(
    ['bio'],
    () => accounts.change({ bio }),
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
      <Form form={form} className={styles.form}>
        <TextField label={t('Username')} value={user.username} disabled readOnly />
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
      </Form>
    </section>
  );
}

function EmailForm({ user }: { user: Self }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState(user.email);
  const [current, setCurrent] = useState('');
  const form = useForm(
    ['email', 'current'],
    () => accounts.changeEmail({ current, email }),
    async () => {
      setCurrent('');
      await queries.invalidateQueries({ queryKey: viewerQuery.queryKey });
      say(t('Saved'));
    },
  );
  return (
    <section className={styles.section}>
      <header>
        <h2>{t('Email')}</h2>
        <p>{t('You sign in with it; nobody else sees it but the administrators.')}</p>
      </header>
      <Form form={form} className={styles.form}>
        <EmailPart form={form} value={email} onText={setEmail} />
        {email !== user.email && (
          <OwnPasswordPart form={form} value={current} onText={setCurrent} />
        )}
        <div>
          <Button type="submit" busy={form.busy} disabled={email === user.email}>
            {t('Change email')}
          </Button>
        </div>
      </Form>
    </section>
  );
}

function PasswordForm({ user, mail }: { user: Self; mail: boolean }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm(
    ['current', 'password'],
    () => accounts.changePassword({ current, password }),
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
      </header>
      {!mail && (
        <Notice tone="warning" title={t('This server sends no mail')}>
          {t(
            'If you forget your password, only an administrator can help: no reset link can reach you.',
          )}
        </Notice>
      )}
      <Form form={form} className={styles.form}>
        <input type="hidden" autoComplete="username" value={user.username} readOnly />
        <OwnPasswordPart form={form} value={current} onText={setCurrent} />
        <NewPasswordPart
          form={form}
          label={t('New password')}
          value={password}
          onText={setPassword}
        />
        <div>
          <Button type="submit" busy={form.busy}>
            {t('Change password')}
          </Button>
        </div>
      </Form>
    </section>
  );
}

export function AccountPart({ user, mail }: { user: Self; mail: boolean }) {
  const theme = useTheme();
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
      <EmailForm user={user} />
      <PasswordForm user={user} mail={mail} />
    </>
  );
}
