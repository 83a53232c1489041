import { useEffect, useRef, useState } from 'react';

const margin = 12;

/**
 * Which of `count` rows of `rowHeight` px to draw in a scrolling frame. Without a row height
 * all rows are drawn.
 */
export function useWindow(count: number, rowHeight: number | undefined) {
  const frame = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ top: 0, height: 480 });

  useEffect(() => {
    const element = frame.current;
    if (!element || rowHeight === undefined) return;
    const read = () => setScroll({ top: element.scrollTop, height: element.clientHeight });
    read();
    element.addEventListener('scroll', read, { passive: true });
    return () => element.removeEventListener('scroll', read);
  }, [rowHeight]);

  if (rowHeight === undefined) return { frame, from: 0, to: count, before: 0, after: 0 };
  const from = Math.max(0, Math.min(count, Math.floor(scroll.top / rowHeight) - margin));
  const shown = Math.ceil(scroll.height / rowHeight) + 2 * margin;
  const to = Math.min(count, from + shown);
  return { frame, from, to, before: from * rowHeight, after: (count - to) * rowHeight };
}
