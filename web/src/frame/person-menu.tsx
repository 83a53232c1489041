import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { session } from '../api/session';
import type { Self } from '../api/shapes';
import { t } from '../text/words';
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink, MenuNote } from '../ui/menu';
import { Face } from '../ui/person';
import { say } from '../ui/toast';
import { closeGenerator } from './generator';
import { setTheme, useTheme } from './theme';
import type { Theme } from './theme';
import styles from './frame.module.css';

const themes = () => [
  { value: 'system', label: t('Theme of the system'), icon: 'screen' as const },
  { value: 'light', label: t('Light'), icon: 'sun' as const },
  { value: 'dark', label: t('Dark'), icon: 'moon' as const },
];

export function ThemeChoice() {
  const theme = useTheme();
  return (
    <MenuChoice value={theme} onChange={(next) => setTheme(next as Theme)} options={themes()} />
  );
}

export function PersonMenu({ user, onHelp }: { user: Self; onHelp: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();

  async function leave() {
    try {
      await session.signOut();
    } catch (error) {
      say(t('Signing out failed: {detail}', { detail: String((error as Error).message) }), {
        bad: true,
      });
      return;
    }
    closeGenerator();
    queries.clear();
    await navigate({ to: '/' });
  }

  return (
    <Menu
      trigger={
        <button type="button" className={styles.avatar} aria-label={t('Your menu')}>
          <Face name={user.username} size={34} />
        </button>
      }
    >
      <MenuNote>{user.username}</MenuNote>
      <MenuLink to="/user/$username" params={{ username: user.username }} icon="person">
        {t('Profile')}
      </MenuLink>
      <MenuLink to="/my-models" icon="layers">
        {t('My models')}
      </MenuLink>
      <MenuLink to="/workflow-templates" icon="grid">
        {t('Workflow templates')}
      </MenuLink>
      <MenuLink to="/generations" icon="clock">
        {t('My generations')}
      </MenuLink>
      <MenuLink
        to="/user/$username"
        params={{ username: user.username }}
        search={{ show: 'posts' }}
        icon="image"
      >
        {t('My posts')}
      </MenuLink>
      <MenuLink to="/collections" search={{ show: 'mine' }} icon="bookmark">
        {t('My collections')}
      </MenuLink>
      <MenuLink to="/settings/{-$part}" params={{ part: undefined }} icon="gear">
        {t('Settings')}
      </MenuLink>
      {(user.role === 'moderator' || user.role === 'administrator') && (
        <MenuLink to="/moderation/{-$part}" params={{ part: undefined }} search={{}} icon="flag">
          {t('Moderation')}
        </MenuLink>
      )}
      {user.role === 'administrator' && (
        <MenuLink to="/administration/{-$part}" params={{ part: undefined }} icon="shield">
          {t('Administration')}
        </MenuLink>
      )}
      <MenuLine />
      <ThemeChoice />
      <MenuLine />
      <MenuItem icon="keyboard" onSelect={onHelp}>
        {t('Keyboard')}
      </MenuItem>
      <MenuItem icon="leave" onSelect={() => void leave()}>
        {t('Sign out')}
      </MenuItem>
    </Menu>
  );
}
