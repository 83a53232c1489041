import { useEffect, useState } from 'react';

/** A mark to put somewhere, and whether it has come near the window: what is far can wait. */
export function useNear(): [(element: HTMLElement | null) => void, boolean] {
  const [mark, setMark] = useState<HTMLElement | null>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!mark || near) return;
    const watch = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && setNear(true),
      { rootMargin: '600px' },
    );
    watch.observe(mark);
    return () => watch.disconnect();
  }, [mark, near]);
  return [setMark, near];
}
