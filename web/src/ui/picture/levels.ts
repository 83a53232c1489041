import { useSyncExternalStore } from 'react';
import type { ImageCard } from '../../api/images';
import { useViewer } from '../../api/session';

/** Maturity bits, and what is veiled until somebody asks: R and above, unless set otherwise. */
export const levelBits = [1, 2, 4, 8, 16] as const;
const usual = 4 | 8 | 16;
const place = 'veil';

const watchers = new Set<() => void>();
const revealed = new Set<number>();
let version = 0;

function tell() {
  version += 1;
  for (const watcher of watchers) watcher();
}

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function veil(): number {
  try {
    const kept = localStorage.getItem(place);
    return kept === null ? usual : Number(kept) & 31;
  } catch {
    return usual;
  }
}

/** Kept in this browser: whether others look over the shoulder is a matter of the place. */
export function setVeil(bits: number) {
  try {
    localStorage.setItem(place, String(bits));
  } catch {
    // Without storage the usual veil stays.
  }
  revealed.clear();
  tell();
}

export function useVeil(): number {
  return useSyncExternalStore(subscribe, veil);
}

export function reveal(id: number) {
  revealed.add(id);
  tell();
}

export function conceal(id: number) {
  revealed.delete(id);
  tell();
}

type Rated = Pick<ImageCard, 'id' | 'nsfwLevel' | 'creator'>;

/** Tells of any picture whether it is veiled, and whether it would be if nobody had revealed it. */
export function useVeils() {
  useSyncExternalStore(subscribe, () => version);
  const self = useViewer()?.user?.username;
  return (image: Rated) => {
    const veilable = image.creator !== self && (image.nsfwLevel & veil()) !== 0;
    return { veilable, veiled: veilable && !revealed.has(image.id) };
  };
}

export function useVeiled(image: Rated) {
  return useVeils()(image);
}
