import type { ReactNode } from 'react';
import { Problem } from '../api/client';
import { t } from '../text/words';
import { Button, ButtonLink } from './button';
import { Icon } from './icon';
import type { IconName } from './icon';
import styles from './state.module.css';

interface StateProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  bad?: boolean;
  /** It is the whole page, so its title is the page's. */
  page?: boolean;
}

/** A whole page or panel without content: what would be here, and the first step. */
export function Empty({ icon, title, children, actions, bad, page }: StateProps) {
  const Title = page ? 'h1' : 'h2';
  return (
    <div className={bad ? `${styles.state} ${styles.bad}` : styles.state}>
      <div className={styles.figure}>
        <Icon name={icon} size={28} />
      </div>
      <Title className={styles.title}>{title}</Title>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

interface FailureProps {
  error: unknown;
  retry?: () => void;
  page?: boolean;
}

/** What failed, whether anything was lost, what to do. Never shown as "nothing found". */
export function Failure({ error, retry, page }: FailureProps) {
  const problem = error instanceof Problem ? error : null;
  const again = retry && (
    <Button icon="retry" onClick={retry}>
      {t('Try again')}
    </Button>
  );
  if (problem?.status === 404) {
    return (
      <Empty page={page} icon="search" title={t('Nothing lives at this address')}>
        {t('It may have been removed, or it was never published.')}
      </Empty>
    );
  }
  if (problem?.status === 401) {
    return (
      <Empty
        page={page}
        icon="key"
        title={t('Sign in to see this')}
        actions={
          <ButtonLink to="/sign-in" search={{ next: location.pathname }} variant="solid">
            {t('Sign in')}
          </ButtonLink>
        }
      />
    );
  }
  if (problem?.status === 403) {
    return (
      <Empty page={page} icon="shield" title={t('You may not see this')}>
        {problem.message} {t('An administrator of this server can change your role.')}
      </Empty>
    );
  }
  const title = problem?.status === 0 ? t('The server cannot be reached') : t('This did not load');
  return (
    <Empty bad page={page} icon="warning" title={title} actions={again}>
      {problem?.status === 0
        ? t('Nothing was lost. Check that the server runs and that you are online, then try again.')
        : t('Nothing was lost. The server said: {detail}', {
            detail: problem?.message ?? String(error),
          })}
    </Empty>
  );
}

const icons = { info: 'info', warning: 'warning', danger: 'warning', success: 'check' } as const;

interface NoticeProps {
  tone?: keyof typeof icons;
  title?: string;
  children?: ReactNode;
  alert?: boolean;
}

export function Notice({ tone = 'info', title, children, alert }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={alert ? 'alert' : undefined}>
      <Icon name={icons[tone]} />
      <div>
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}

/** The grey shape of something that is still loading. */
export function Bone({ width = '100%', height }: { width?: string; height: string }) {
  return <span className={styles.bone} style={{ width, height }} aria-hidden="true" />;
}
