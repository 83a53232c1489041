import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Icon } from '../../ui/icon';
import type { Watch } from './watch';
import styles from './generations.module.css';

/** How fresh it is what is shown; nothing to say while the server tells of every change. */
export function LinkState({ watch }: { watch: Watch }) {
  if (watch.link === 'live' || watch.link === 'opening') return null;
  if (watch.signedOut) {
    return (
      <div className={styles.link} data-lost={true} role="status">
        <Icon name="key" size={16} />
        <span>{t('You are signed out. Running work continues.')}</span>
        <ButtonLink to="/sign-in" search={{ next: location.pathname }} size="small">
          {t('Sign in')}
        </ButtonLink>
      </div>
    );
  }
  const lost = watch.link === 'lost';
  return (
    <div className={styles.link} data-lost={lost} role="status">
      <Icon name={lost ? 'warning' : 'clock'} size={16} />
      <span>
        {lost
          ? t('The connection was lost. This is the last known state; running work continues.')
          : t('Live updates are not available; this page refreshes every few seconds.')}
      </span>
      <Button size="small" variant="ghost" icon="retry" onClick={watch.retry}>
        {t('Try now')}
      </Button>
    </div>
  );
}
