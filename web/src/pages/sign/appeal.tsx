import { useState } from 'react';
import { appeals } from '../../api/moderation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { PasswordField, TextArea, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Notice } from '../../ui/state';
import { SignPage } from './sign-page';

/** For those who were banned and cannot sign in: the one thing they may still say. */
export function Appeal() {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [text, setText] = useState('');
  const form = useForm(
    ['login', 'password', 'text'],
    () => appeals.ban({ login, password, text: text.trim() }),
    () => undefined,
  );
  return (
    <SignPage title={t('Appeal against a ban')} seed="second word" onSubmit={form.submit}>
      {form.done ? (
        <Notice tone="success" title={t('Sent')}>
          {t('A moderator who did not make the decision will review it.')}
        </Notice>
      ) : (
        <>
          <TextField
            label={t('Email or username')}
            autoComplete="username"
            value={login}
            error={form.error('login')}
            onChange={(event) => setLogin(event.target.value)}
          />
          <PasswordField
            label={t('Password')}
            autoComplete="current-password"
            value={password}
            error={form.error('password')}
            onChange={(event) => setPassword(event.target.value)}
          />
          <TextArea
            label={t('Why should it be lifted?')}
            rows={5}
            maxLength={4000}
            value={text}
            error={form.error('text')}
            onChange={(event) => setText(event.target.value)}
          />
          {form.rest && (
            <Notice tone="danger" alert>
              {form.rest}
            </Notice>
          )}
          <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
            {t('Send the appeal')}
          </Button>
        </>
      )}
    </SignPage>
  );
}
