import { useParams } from '@tanstack/react-router';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Empty, Notice } from '../../ui/state';
import { TabLink, TabLinks } from '../../ui/tabs';
import { BackendsPart } from './backends/backends';
import { ImportPart } from './import';
import { InvitesPart } from './invites';
import { JobsPart } from './jobs';
import { SearchPart } from './search';
import { SettingsPart } from './settings';
import { UsersPart } from './users';
import styles from './administration.module.css';

const parts = () => [
  { part: undefined, label: t('Members'), view: UsersPart },
  { part: 'invites', label: t('Invitations'), view: InvitesPart },
  { part: 'import', label: t('Import'), view: ImportPart },
  { part: 'jobs', label: t('Jobs'), view: JobsPart },
  { part: 'backends', label: t('Backends'), view: BackendsPart },
  { part: 'search', label: t('Search'), view: SearchPart },
  { part: 'settings', label: t('Settings'), view: SettingsPart },
];

/** The parts in which it matters whether mail can be sent. */
const aboutPeople: (string | undefined)[] = [undefined, 'invites', 'settings'];

export function Administration() {
  usePageTitle(t('Administration'));
  const { part } = useParams({ from: '/members/administration/{-$part}' });
  const viewer = useViewer();
  if (!viewer) return null;
  if (viewer.user?.role !== 'administrator') {
    return (
      <Empty page icon="shield" title={t('Only administrators come in here')}>
        {t('Ask one of them to change your role if you should.')}
      </Empty>
    );
  }
  const View = (parts().find((one) => one.part === part) ?? parts()[0]!).view;
  return (
    <div className={styles.page}>
      <h1>{t('Administration')}</h1>
      <TabLinks label={t('Administration')}>
        {parts().map((one) => (
          <TabLink
            key={one.label}
            to="/administration/{-$part}"
            params={{ part: one.part }}
            search={{}}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {one.label}
          </TabLink>
        ))}
      </TabLinks>
      {!viewer.mail && aboutPeople.includes(part) && (
        <Notice tone="warning" title={t('Mail is not configured')}>
          {t(
            'Password resets cannot be sent. Set origin, mail.url and mail.from in atelier.toml and start again.',
          )}
        </Notice>
      )}
      <View />
    </div>
  );
}
