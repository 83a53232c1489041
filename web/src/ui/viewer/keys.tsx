import { useEffect, useRef } from 'react';
import { shortcutsOn } from '../../frame/shortcuts';
import { t } from '../../text/words';
import { Dialog } from '../dialog';
import styles from './viewer.module.css';

export interface ViewerActions {
  step: (by: 1 | -1) => void;
  zoom: () => void;
  like: () => void;
  copyPrompt: () => void;
  copyRecipe: () => void;
  remix: () => void;
  fullscreen: () => void;
  facts: () => void;
  help: () => void;
  leave?: () => void;
}

export const viewerKeys = () => [
  { keys: ['←', '→'], text: t('Previous and next image') },
  { keys: ['k', 'j'], text: t('The same') },
  { keys: [t('Space')], text: t('Actual size, or fitted again') },
  { keys: ['l'], text: t('Like') },
  { keys: ['c'], text: t('Copy the prompt') },
  { keys: ['C'], text: t('Copy the whole recipe') },
  { keys: ['r'], text: t('Remix') },
  { keys: ['f'], text: t('Fill the screen') },
  { keys: ['i'], text: t('Show or hide the facts') },
  { keys: ['Esc'], text: t('Back to where you were') },
  { keys: ['?'], text: t('Show these keys') },
];

function meant(key: string, on: ViewerActions): (() => void) | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'j':
      return () => on.step(1);
    case 'ArrowLeft':
    case 'k':
      return () => on.step(-1);
    case ' ':
      return on.zoom;
    case 'l':
      return on.like;
    case 'c':
      return on.copyPrompt;
    case 'C':
      return on.copyRecipe;
    case 'r':
      return on.remix;
    case 'f':
      return on.fullscreen;
    case 'i':
      return on.facts;
    case '?':
      return on.help;
    case 'Escape':
      return on.leave;
    default:
      return undefined;
  }
}

/** Where a key has a meaning of its own, or stands for a letter. */
function taken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('#generator')) return true;
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) {
    return key !== 'Escape';
  }
  const pressable = target.closest('button, a, summary, [role=button], [role=tab]');
  if (key === ' ' && pressable) return true;
  return key.startsWith('Arrow') && target.closest('[role=tablist], video') !== null;
}

/** The viewer's keys come before the page's. */
export function useViewerKeys(actions: ViewerActions) {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
      if (document.querySelector('dialog[open], [role=menu], [role=listbox]:not([hidden])')) return;
      if (taken(event.target, event.key)) return;
      if (event.key.length === 1 && event.key !== ' ' && !shortcutsOn()) return;
      const act = meant(event.key, current.current);
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    }
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, []);
}

export function ViewerHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={t('Keys of the viewer')}>
      <dl className={styles.keys}>
        {viewerKeys().map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
