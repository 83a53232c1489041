import { useEffect, useSyncExternalStore } from 'react';
import type { MouseEvent } from 'react';
import { strings } from '../search';

/** What comes into the generator: an image's recipe, a source, a model, a template. */
export const generatorSearch = strings('remix', 'source', 'workflow', 'version', 'template');
export type GeneratorSearch = ReturnType<typeof generatorSearch>;

interface State {
  open: boolean;
  asked: GeneratorSearch;
}

/** Narrower windows have no room for it beside a page. */
const room = '(min-width: 80rem)';
const nothing: GeneratorSearch = {};

let state: State = { open: false, asked: nothing };
let opener: Element | null = null;
let pages = 0;
const watchers = new Set<() => void>();

function become(next: Partial<State>) {
  state = { ...state, ...next };
  for (const watcher of watchers) watcher();
}

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** The generator beside the pages: whether it is open, and what it was opened with. */
export const useGenerator = () => useSyncExternalStore(subscribe, () => state);

/** What has the focus; of a menu, which goes away, what opened that. */
function openerNow(): Element | null {
  const menu = document.activeElement?.closest('[role=menu]');
  const trigger = menu?.getAttribute('aria-labelledby');
  return trigger ? document.getElementById(trigger) : document.activeElement;
}

/**
 * Opens it beside the page one is on, which stays as it is. False where it has to be a page: there
 * is no room, or that page is shown.
 */
export function openGenerator(asked: GeneratorSearch): boolean {
  if (pages > 0 || !matchMedia(room).matches) return false;
  if (!state.open) opener = openerNow();
  become({ open: true, asked: { ...asked } });
  return true;
}

/** What it was opened with is in the panel. */
export const generatorTook = () => become({ asked: nothing });

export function closeGenerator() {
  become({ open: false, asked: nothing });
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  opener = null;
}

/** Of the generator's own page: it is not opened beside itself. */
export function useGeneratorPage() {
  useEffect(() => {
    pages += 1;
    return () => void (pages -= 1);
  }, []);
}

/** A link into the generator: beside the page where there is room, else to the generator's page. */
export function generating(search: GeneratorSearch) {
  return {
    to: '/generate' as const,
    search,
    onClick: (event: MouseEvent) => {
      const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
      if (event.button === 0 && !elsewhere && openGenerator(search)) event.preventDefault();
    },
  };
}
