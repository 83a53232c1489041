import { useEffect, useSyncExternalStore } from 'react';
import { useViewer } from '../../api/session';
import type { Known } from './news';
import { Watch } from './watch';

let current: { user: string | undefined; watch: Watch } | undefined;

function watchOf(user: string | undefined): Watch {
  if (current?.user !== user) current = { user, watch: new Watch() };
  return current!.watch;
}

/** The viewer's generations, followed as long as somebody shows them; draws again with the list. */
export function useWatch(): Watch {
  const watch = watchOf(useViewer()?.user?.username);
  useEffect(() => watch.start(), [watch]);
  useSyncExternalStore(watch.subscribe, watch.state);
  return watch;
}

/** One of them; draws again when it changes. */
export function useKnown(watch: Watch, id: number): Known | undefined {
  return useSyncExternalStore(watch.subscribe, () => watch.get(id));
}
