import { useSyncExternalStore } from 'react';

/** Searches that this browser remembers: the last ones, and those that somebody gave a name. */
export interface SavedSearch {
  name: string;
  /** The address's search, "?q=…". */
  search: string;
}

const recentPlace = 'recent-searches';
const savedPlace = 'saved-searches';
const recentMost = 8;
const savedMost = 50;
const watchers = new Set<() => void>();

function read<Item>(place: string, isOne: (item: unknown) => item is Item): Item[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(list) ? list.filter(isOne) : [];
  } catch {
    return [];
  }
}

const isText = (item: unknown): item is string => typeof item === 'string' && item !== '';
const isSaved = (item: unknown): item is SavedSearch =>
  typeof item === 'object' &&
  item !== null &&
  isText((item as SavedSearch).name) &&
  isText((item as SavedSearch).search);

let recent = read(recentPlace, isText);
let saved = read(savedPlace, isSaved);

/** False when the browser keeps nothing. */
function write(place: string, list: unknown[]): boolean {
  for (const watcher of watchers) watcher();
  try {
    localStorage.setItem(place, JSON.stringify(list));
    return true;
  } catch {
    return false;
  }
}

// Another tab may have changed them.
window.addEventListener('storage', () => {
  recent = read(recentPlace, isText);
  saved = read(savedPlace, isSaved);
  for (const watcher of watchers) watcher();
});

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const useRecent = () => useSyncExternalStore(subscribe, () => recent);
export const useSaved = () => useSyncExternalStore(subscribe, () => saved);

export function remember(text: string) {
  const words = text.trim();
  if (!words) return;
  recent = [words, ...recent.filter((one) => one !== words)].slice(0, recentMost);
  write(recentPlace, recent);
}

export function forgetRecent() {
  recent = [];
  write(recentPlace, recent);
}

/** A name that is there already gets the new search. */
export function save(one: SavedSearch): boolean {
  saved = [one, ...saved.filter((other) => other.name !== one.name)].slice(0, savedMost);
  return write(savedPlace, saved);
}

export function unsave(name: string) {
  saved = saved.filter((one) => one.name !== name);
  write(savedPlace, saved);
}
