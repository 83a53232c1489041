import { useSyncExternalStore } from 'react';

export type TransferState =
  | 'sending'
  | 'paused'
  | 'retrying'
  /** The page was reloaded: the browser has to be given the file again. */
  | 'orphaned'
  /** All bytes are there; the server attaches the file to its version. */
  | 'finishing'
  | 'failed';

export type Place =
  { kind: 'version'; modelId: number; versionId: number } | { kind: 'post'; postId: number };

export interface Transfer {
  key: string;
  name: string;
  size: number;
  modified: number;
  /** Where it belongs: a version's file or a post's image. */
  place: Place;
  sent: number;
  state: TransferState;
  /** Bytes per second over the last seconds; 0 while unknown. */
  speed: number;
  /** Where the server keeps what it has; known once the upload was created. */
  address?: string;
  error?: string;
}

const shelf = 'unfinished-uploads';
let transfers: Transfer[] = restore();
const watchers = new Set<() => void>();

function restore(): Transfer[] {
  try {
    const kept = JSON.parse(localStorage.getItem(shelf) ?? '[]') as Transfer[];
    // Until posts had images, a place was two members of the transfer itself.
    return kept
      .filter((one) => one.place)
      .map((one) => ({ ...one, state: 'orphaned', speed: 0, error: undefined }));
  } catch {
    return [];
  }
}

const resumable = (one: Transfer) => one.address !== undefined;

function keep() {
  try {
    localStorage.setItem(shelf, JSON.stringify(transfers.filter(resumable)));
  } catch {
    // Without storage an upload goes on as long as the page stays open.
  }
}

function set(next: Transfer[]) {
  transfers = next;
  for (const watcher of watchers) watcher();
}

export function addTransfer(transfer: Transfer) {
  set([...transfers, transfer]);
  keep();
}

let kept = 0;

export function changeTransfer(key: string, change: Partial<Transfer>) {
  set(transfers.map((one) => (one.key === key ? { ...one, ...change } : one)));
  // Progress comes many times a second; the stored offset is only a hint for the eye.
  const onlyProgress = change.state === undefined && change.address === undefined;
  if (onlyProgress && Date.now() - kept < 2000) return;
  kept = Date.now();
  keep();
}

export function dropTransfer(key: string) {
  set(transfers.filter((one) => one.key !== key));
  keep();
}

export function findTransfer(key: string): Transfer | undefined {
  return transfers.find((one) => one.key === key);
}

export const forVersion = (versionId: number | undefined) => (one: Transfer) =>
  one.place.kind === 'version' && one.place.versionId === versionId;

export const forPost = (postId: number | undefined) => (one: Transfer) =>
  one.place.kind === 'post' && one.place.postId === postId;

export function listTransfers(): Transfer[] {
  return transfers;
}

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useTransfers(): Transfer[] {
  return useSyncExternalStore(subscribe, () => transfers);
}

export const running = (one: Transfer) =>
  one.state === 'sending' || one.state === 'retrying' || one.state === 'finishing';

/** Leaving the site stops what runs, so the browser asks first. */
window.addEventListener('beforeunload', (event) => {
  if (transfers.some(running)) event.preventDefault();
});
