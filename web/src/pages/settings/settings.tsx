import { useParams } from '@tanstack/react-router';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { TabLink, TabLinks } from '../../ui/tabs';
import { AccountPart } from './account';
import { BrowsingPart } from './browsing';
import { KeysPart } from './keys';
import { StandingPart } from './standing';
import { SessionsPart } from './sessions';
import styles from './settings.module.css';

export function SettingsPage() {
  usePageTitle(t('Settings'));
  const { part } = useParams({ from: '/members/settings/{-$part}' });
  const viewer = useViewer();
  if (!viewer?.user) return null;
  return (
    <div className={styles.page}>
      <h1>{t('Settings')}</h1>
      <TabLinks label={t('Settings')}>
        <TabLink
          to="/settings/{-$part}"
          params={{ part: undefined }}
          activeOptions={{ exact: true }}
        >
          {t('Account')}
        </TabLink>
        <TabLink to="/settings/{-$part}" params={{ part: 'browsing' }}>
          {t('Browsing')}
        </TabLink>
        <TabLink to="/settings/{-$part}" params={{ part: 'standing' }}>
          {t('Standing')}
        </TabLink>
        <TabLink to="/settings/{-$part}" params={{ part: 'sessions' }}>
          {t('Sessions')}
        </TabLink>
        <TabLink to="/settings/{-$part}" params={{ part: 'keys' }}>
          {t('API keys')}
        </TabLink>
      </TabLinks>
      {part === 'browsing' ? (
        <BrowsingPart user={viewer.user} />
      ) : part === 'standing' ? (
        <StandingPart />
      ) : part === 'sessions' ? (
        <SessionsPart />
      ) : part === 'keys' ? (
        <KeysPart />
      ) : (
        <AccountPart user={viewer.user} mail={viewer.mail} />
      )}
    </div>
  );
}
