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
  if (!first || path === '/upload') return null;
  const sent = transfers.reduce((sum, one) => sum + one.sent, 0);
  const size = transfers.reduce((sum, one) => sum + one.size, 0);
  const speed = transfers.reduce((sum, one) => sum + one.speed, 0);
  return (
    <aside aria-label={t('Uploads')}>
      <Link
        to="/upload"
        search={{ model: String(first.modelId), version: String(first.versionId) }}
        className={styles.dock}
      >
        <Progress
          label={t('{count, plural, one {Uploading # file} other {Uploading # files}}', {
            count: transfers.length,
          })}
          done={sent}
          total={size}
          aside={speed > 0 ? duration((size - sent) / speed) : `${percent(sent, size)} %`}
        />
      </Link>
    </aside>
  );
}
