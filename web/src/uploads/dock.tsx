import { Link, useRouterState } from '@tanstack/react-router';
import { duration, percent } from '../text/format';
import { t } from '../text/words';
import { Progress } from '../ui/progress';
import { running, useTransfers } from './transfers';
import styles from './dock.module.css';

/** Uploads that run while another page is open: how far, how long still, and the way back. */
export function UploadDock() {
  const transfers = useTransfers().filter(running);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = transfers[0];
  if (!first || path === '/upload' || path === '/create-post') return null;
  const { place } = first;
  const sent = transfers.reduce((sum, one) => sum + one.sent, 0);
  const size = transfers.reduce((sum, one) => sum + one.size, 0);
  const speed = transfers.reduce((sum, one) => sum + one.speed, 0);
  const bar = (
    <Progress
      label={t('{count, plural, one {Uploading # file} other {Uploading # files}}', {
        count: transfers.length,
      })}
      done={sent}
      total={size}
      aside={speed > 0 ? duration((size - sent) / speed) : `${percent(sent, size)} %`}
    />
  );
  return (
    <aside aria-label={t('Uploads')}>
      {place.kind === 'version' ? (
        <Link
          to="/upload"
          search={{ model: String(place.modelId), version: String(place.versionId) }}
          className={styles.dock}
        >
          {bar}
        </Link>
      ) : (
        <Link to="/create-post" search={{ post: String(place.postId) }} className={styles.dock}>
          {bar}
        </Link>
      )}
    </aside>
  );
}
