import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { t } from '../text/words';

const off = 'shortcuts-off';

export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(off) === null;
  } catch {
    return true;
  }
}

/** Single keys can be turned off (WCAG 2.1.4). */
export function setShortcuts(on: boolean) {
  try {
    if (on) localStorage.removeItem(off);
    else localStorage.setItem(off, '1');
  } catch {
    // Without storage they stay on.
  }
}

export const shortcuts = () => [
  { keys: ['/'], text: t('Search') },
  { keys: ['c'], text: t('Publish a model') },
  { keys: ['g', 'h'], text: t('Go home') },
  { keys: ['g', 'm'], text: t('Go to models') },
  { keys: ['g', 'i'], text: t('Go to images') },
  { keys: ['g', 'n'], text: t('Go to the generator') },
  { keys: ['g', 'd'], text: t('Go to my models and drafts') },
  { keys: ['g', 's'], text: t('Go to settings') },
  { keys: ['?'], text: t('Show these keys') },
];

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const places = {
  h: '/',
  m: '/models',
  i: '/images',
  n: '/generate',
  d: '/my-models',
  s: '/settings/{-$part}',
} as const;

export function useShortcuts(focusSearch: () => void, showHelp: () => void) {
  const navigate = useNavigate();
  useEffect(() => {
    let going = 0;
    function press(event: KeyboardEvent) {
      if ((event.metaKey || event.ctrlKey) && event.key === 'k') {
        event.preventDefault();
        focusSearch();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
      if (typing(event.target) || document.querySelector('dialog[open], [role=menu], #viewer'))
        return;
      if (!shortcutsOn()) return;
      const place = places[event.key as keyof typeof places];
      if (Date.now() - going < 1500 && place) {
        going = 0;
        event.preventDefault();
        void navigate({ to: place });
      } else if (event.key === 'g') going = Date.now();
      else if (event.key === '/') {
        event.preventDefault();
        focusSearch();
      } else if (event.key === 'c') {
        event.preventDefault();
        void navigate({ to: '/upload' });
      } else if (event.key === '?') showHelp();
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate, focusSearch, showHelp]);
}
