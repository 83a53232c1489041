import { useEffect, useState } from 'react';

function watched(mark: HTMLElement, rootMargin: string, onNear: () => void) {
  const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onNear(), {
    rootMargin,
  });
  watch.observe(mark);
  return () => watch.disconnect();
}

/** A mark to put somewhere, and whether it has come near the window: what is far can wait. */
export function useNear(): [(element: HTMLElement | null) => void, boolean] {
  const [mark, setMark] = useState<HTMLElement | null>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!mark || near) return;
    return watched(mark, '600px', () => setNear(true));
  }, [mark, near]);
  return [setMark, near];
}

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** A mark to put at the end of a list, whose next part loads when that comes near. */
export function useMoreNear({ hasNextPage, isFetchingNextPage, fetchNextPage }: Paged) {
  const [mark, setMark] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!mark || !hasNextPage || isFetchingNextPage) return;
    return watched(mark, '800px', () => void fetchNextPage());
  }, [mark, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return setMark;
}
