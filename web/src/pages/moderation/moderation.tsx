import { useParams } from '@tanstack/react-router';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Empty } from '../../ui/state';
import { TabLink, TabLinks } from '../../ui/tabs';
import { AppealsPart } from './appeals';
import { AuditPart } from './audit';
import { BlocklistPart } from './blocklist';
import { Desk } from './desk';
import styles from './moderation.module.css';

const parts = (administrator: boolean) => [
  { part: undefined, label: t('Reports'), view: Desk },
  { part: 'appeals', label: t('Appeals'), view: AppealsPart },
  { part: 'blocklist', label: t('Blocklist'), view: BlocklistPart },
  ...(administrator ? [{ part: 'audit', label: t('Audit log'), view: AuditPart }] : []),
];

/** Where moderators work. */
export function Moderation() {
  usePageTitle(t('Moderation'));
  const { part } = useParams({ from: '/members/moderation/{-$part}' });
  const viewer = useViewer();
  if (!viewer) return null;
  const role = viewer.user?.role;
  if (role !== 'moderator' && role !== 'administrator') {
    return (
      <Empty page icon="shield" title={t('Only moderators come in here')}>
        {t('An administrator of this server can change your role.')}
      </Empty>
    );
  }
  const all = parts(role === 'administrator');
  const View = (all.find((one) => one.part === part) ?? all[0]!).view;
  return (
    <div className={styles.page}>
      <h1>{t('Moderation')}</h1>
      <TabLinks label={t('Moderation')}>
        {all.map((one) => (
          <TabLink
            key={one.label}
            to="/moderation/{-$part}"
            params={{ part: one.part }}
            search={{}}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {one.label}
          </TabLink>
        ))}
      </TabLinks>
      <View />
    </div>
  );
}
