import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import type { Feed, Sized } from './feed';
import { atBrink, atEdge, boxHeight, limit, resized, segmentFor } from './scroll-space';
import type { Space } from './scroll-space';

/** What is in sight, in pixels of the list. Moves in steps, so that not every pixel draws again. */
export interface Sight {
  top: number;
  bottom: number;
}

const step = 128;
const rest = 160;

/**
 * Follows the page's scrolling over a list in `frame`: what is in sight, which segment of the list
 * the box on the page is, loading at both ends, and staying at the same picture when what is above
 * it changes.
 */
export function useScroll<Item extends Sized>(
  feed: Feed<Item>,
  frame: RefObject<HTMLElement | null>,
  version: number,
  onRest: ((id: number | undefined) => void) | undefined,
) {
  const [sight, setSight] = useState<Sight>({ top: 0, bottom: 2000 });
  const [base, setBase] = useState(feed.base);
  const mark = useRef<{ id: number; top: number } | null>(null);
  const rested = useRef(onRest);
  useEffect(() => {
    rested.current = onRest;
  });

  const space = useCallback(
    (): Space => resized({ whole: 0, base: feed.base }, feed.height),
    [feed],
  );
  const inside = useCallback(() => -(frame.current?.getBoundingClientRect().top ?? 0), [frame]);

  const look = useCallback(() => {
    const offset = feed.base + inside();
    const view = window.innerHeight;
    const top = Math.floor((offset - view) / step) * step;
    const bottom = Math.ceil((offset + 2 * view) / step) * step;
    setSight((last) => (last.top === top && last.bottom === bottom ? last : { top, bottom }));
    if (feed.ready && feed.after === 'idle' && offset + 3 * view > feed.height) void feed.more();
    if (feed.before === 'idle' && offset < 2 * view) void feed.earlier();
    const block = feed.blocks[feed.blockAt(offset)];
    const row = block?.layout.rows.find((one) => block.top + one.top + one.height > offset);
    const id = row && block ? block.ids[row.from] : undefined;
    mark.current = id !== undefined && offset > 0 ? { id, top: block!.top + row!.top } : null;
  }, [feed, inside]);

  /** Shows `offset` of the list at the top of the window's free part. */
  const moveTo = useCallback(
    (offset: number) => {
      const element = frame.current;
      if (!element) return;
      let here = space();
      let target = offset - here.base;
      if (atEdge(here, target, window.innerHeight) || target < 0 || target > limit) {
        const segment = segmentFor(here, offset);
        here = segment.space;
        target = segment.inside;
      }
      feed.base = here.base;
      flushSync(() => setBase(here.base));
      window.scrollBy({ top: target - inside(), behavior: 'instant' });
      look();
    },
    [feed, frame, inside, look, space],
  );

  useEffect(() => {
    let timer = 0;
    let waiting = 0;
    const settle = () => {
      if (atBrink(space(), inside(), window.innerHeight)) moveTo(feed.base + inside());
    };
    const stop = () => {
      if (!feed.ready) return;
      settle();
      feed.anchor = mark.current?.id;
      rested.current?.(feed.anchor);
    };
    const read = () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        look();
        if (atEdge(space(), inside(), window.innerHeight)) settle();
      });
      clearTimeout(timer);
      timer = window.setTimeout(stop, rest);
    };
    look();
    window.addEventListener('scroll', read, { passive: true });
    window.addEventListener('resize', read);
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(waiting);
      window.removeEventListener('scroll', read);
      window.removeEventListener('resize', read);
    };
  }, [feed, inside, look, moveTo, space]);

  // The list changed: what was at the top of the window stays there.
  useLayoutEffect(() => {
    const before = mark.current;
    const now = before && feed.rowOf(before.id);
    if (before && now && now.top !== before.top) {
      const offset = feed.base + inside() + now.top - before.top;
      // React may not be asked to draw while it draws.
      queueMicrotask(() => moveTo(offset));
    } else look();
  }, [feed, version, inside, look, moveTo]);

  return { sight, base, height: boxHeight(space()), moveTo };
}
