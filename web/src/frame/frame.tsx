import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useViewer } from '../api/session';
import { t } from '../text/words';
import { Button, ButtonLink } from '../ui/button';
import { Icon } from '../ui/icon';
import { useCurrentInSight } from '../ui/in-sight';
import { Menu, MenuLink } from '../ui/menu';
import { UploadDock } from '../uploads/dock';
import { generating, useGenerator } from './generator';
import { Help } from './help';
import { Mark } from './mark';
import { PersonMenu, ThemeChoice } from './person-menu';
import { GlobalSearch } from './search';
import { useShortcuts } from './shortcuts';
import styles from './frame.module.css';

const Viewer = lazy(() => import('../ui/viewer/viewer'));
const GeneratorBeside = lazy(() => import('../pages/generate/beside'));

function Sections() {
  const member = Boolean(useViewer()?.user);
  return (
    <nav className={styles.sections} aria-label={t('Sections')}>
      <Link to="/" activeOptions={{ exact: true }}>
        {t('Home')}
      </Link>
      <Link to="/models" activeOptions={{ includeSearch: false }}>
        {t('Models')}
      </Link>
      <Link to="/images" activeOptions={{ includeSearch: false }}>
        {t('Images')}
      </Link>
      {member && (
        <Link to="/generate" activeOptions={{ includeSearch: false }}>
          {t('Generate')}
        </Link>
      )}
      <Link to="/collections" activeOptions={{ includeSearch: false }}>
        {t('Collections')}
      </Link>
      <Link to="/leaderboards/{-$id}" params={{ id: undefined }}>
        {t('Leaderboards')}
      </Link>
    </nav>
  );
}

function Actions({ onHelp }: { onHelp: () => void }) {
  const viewer = useViewer();
  if (!viewer) return <div className={styles.actions} />;
  if (viewer.user) {
    return (
      <div className={styles.actions}>
        <div className={styles.wide}>
          <Menu
            trigger={
              <Button variant="solid" size="small" icon="plus">
                {t('Create')}
              </Button>
            }
          >
            <CreateItems />
          </Menu>
        </div>
        <PersonMenu user={viewer.user} onHelp={onHelp} />
      </div>
    );
  }
  return (
    <div className={styles.actions}>
      <Menu trigger={<Button variant="ghost" size="small" icon="sun" aria-label={t('Theme')} />}>
        <ThemeChoice />
      </Menu>
      <ButtonLink to="/sign-in" search={{ next: undefined }} size="small" variant="ghost">
        {t('Sign in')}
      </ButtonLink>
      {viewer.registration !== 'closed' && (
        <div className={styles.wide}>
          <ButtonLink to="/sign-up" search={{}} size="small" variant="solid">
            {t('Sign up')}
          </ButtonLink>
        </div>
      )}
    </div>
  );
}

const listed = /^\/(models|images|generate|collections|leaderboards(\/.*)?)?$/;

/** Where the bar has no room for the sections, they follow it on the pages they lead to. */
function SectionsBelow() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const row = useRef<HTMLDivElement>(null);
  useCurrentInSight(row, Boolean(useViewer()?.user));
  return listed.test(path) ? (
    <div ref={row} className={styles.below}>
      <Sections />
    </div>
  ) : null;
}

function CreateItems() {
  return (
    <>
      <MenuLink {...generating({})} icon="wand">
        {t('Generate pictures')}
      </MenuLink>
      <MenuLink to="/upload" icon="upload">
        {t('Model')}
      </MenuLink>
      <MenuLink to="/create-post" search={{}} icon="image">
        {t('Post of images')}
      </MenuLink>
    </>
  );
}

function BottomBar() {
  const viewer = useViewer();
  const user = viewer?.user;
  return (
    <nav className={styles.bottom} aria-label={t('Main')}>
      <Link to="/" activeOptions={{ exact: true }}>
        <Icon name="home" size={22} />
        {t('Home')}
      </Link>
      <Link to="/models" activeOptions={{ includeSearch: false }}>
        <Icon name="grid" size={22} />
        {t('Explore')}
      </Link>
      <Menu
        align="start"
        trigger={
          <button type="button">
            <Icon name="plus" size={22} />
            {t('Create')}
          </button>
        }
      >
        <CreateItems />
      </Menu>
      {user ? (
        <Link to="/user/$username" params={{ username: user.username }}>
          <Icon name="person" size={22} />
          {t('Me')}
        </Link>
      ) : (
        <Link to="/sign-in" search={{ next: undefined }}>
          <Icon name="person" size={22} />
          {t('Sign in')}
        </Link>
      )}
    </nav>
  );
}

function Foot({ onHelp }: { onHelp: () => void }) {
  return (
    <footer className={styles.foot}>
      <span>Atelier</span>
      <a href="/api/v2/openapi.json">{t('API')}</a>
      <a href="/licenses.txt">{t('Licences')}</a>
      <button type="button" onClick={onHelp}>
        {t('Keyboard')}
      </button>
    </footer>
  );
}

/** A new page starts at its own heading for those who do not see it change. */
function useFocusOnPage() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const main = useRef<HTMLElement>(null);
  const before = useRef(path);
  useEffect(() => {
    if (before.current && path && before.current !== path) {
      main.current?.focus({ preventScroll: true });
    }
    before.current = path;
  }, [path]);
  return main;
}

function Beside() {
  const { open } = useGenerator();
  const user = useViewer()?.user;
  const own = useRouterState({ select: (state) => state.location.pathname === '/generate' });
  if (!open || !user || own) return null;
  return (
    <Suspense fallback={null}>
      <GeneratorBeside key={user.id} user={user.id} />
    </Suspense>
  );
}

export function Frame() {
  const [help, showHelp] = useState(false);
  const searchForm = useRef<HTMLFormElement>(null);
  const onHelp = useCallback(() => showHelp(true), []);
  const focusSearch = useCallback(() => {
    const field = searchForm.current?.querySelector('input');
    field?.focus();
    field?.select();
  }, []);
  useShortcuts(focusSearch, onHelp);
  const main = useFocusOnPage();
  const viewer = useViewer();
  const pending = useRouterState({ select: (state) => state.isLoading });

  const viewing = useRouterState({ select: (state) => state.location.state.viewing });
  const covered = viewing !== undefined;

  return (
    <div className={styles.frame}>
      <div className={styles.under} inert={covered}>
        <a className={styles.skip} href="#content">
          {t('Skip to content')}
        </a>
        {pending && <div className={styles.progress} aria-hidden="true" />}
        {viewer?.setupNeeded && (
          <div className={styles.strip} role="status">
            {t(
              'This server has no administrator yet. Open the one-time link it printed when it started.',
            )}
          </div>
        )}
        {viewer?.user?.status === 'muted' && (
          <div className={styles.strip} role="status">
            {t('You cannot publish or write for now.')}
            <Link to="/settings/{-$part}" params={{ part: 'standing' }}>
              {t('Why, and what you can do')}
            </Link>
          </div>
        )}
        <header className={styles.bar}>
          <div className={styles.inner}>
            <Link to="/" className={styles.mark} aria-label={t('Atelier, home')}>
              <Mark />
              <span className={styles.wide}>Atelier</span>
            </Link>
            <Sections />
            <GlobalSearch form={searchForm} />
            <Actions onHelp={onHelp} />
          </div>
        </header>
        <SectionsBelow />
        <main id="content" ref={main} className={styles.main} tabIndex={-1}>
          <Outlet />
        </main>
        <Foot onHelp={onHelp} />
        <BottomBar />
        <UploadDock />
      </div>
      {covered && (
        <Suspense fallback={null}>
          <Viewer id={viewing} />
        </Suspense>
      )}
      <Beside />
      <Help open={help} onClose={() => showHelp(false)} />
    </div>
  );
}
