import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { accounts, useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { useForm } from '../../ui/form';
import { EmailPart, Rest } from '../../ui/form-parts';
import { Notice } from '../../ui/state';
import { SignPage, asideClass } from './sign-page';

export function Forgot() {
  usePageTitle(t('Forgot your password?'));
  const viewer = useViewer();
  const [email, setEmail] = useState('');
  const form = useForm(
    ['email'],
    () => accounts.forgot({ email }),
    () => undefined,
  );
  const noMail = viewer && !viewer.mail;
  return (
    <SignPage
      title={t('Forgot your password?')}
      seed="spare key"
      intro={noMail ? undefined : t('We send a link to the email of your account.')}
      onSubmit={form.submit}
    >
      {noMail && (
        <Notice tone="warning" title={t('This server sends no mail')}>
          {t('Mail is not configured here. Ask an administrator to set a new password for you.')}
        </Notice>
      )}
      <Rest form={form} />
      {form.done ? (
        <Notice tone="success" title={t('Look into your inbox')} alert>
          {t('If an account has this email, a link is on its way. It works once, for an hour.')}
        </Notice>
      ) : (
        !noMail && (
          <>
            <EmailPart form={form} value={email} onText={setEmail} />
            <Button type="submit" variant="solid" size="large" wide busy={form.busy}>
              {t('Send the link')}
            </Button>
          </>
        )
      )}
      <div className={asideClass}>
        <Link to="/sign-in" search={{ next: undefined }}>
          {t('Back to sign in')}
        </Link>
      </div>
    </SignPage>
  );
}
