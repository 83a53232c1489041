import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { shortcutsOn } from '../../frame/shortcuts';
import { t } from '../../text/words';
import { Button } from '../button';
import { Bone } from '../state';
import { useFeed } from './feed';
import type { Feed, Sized } from './feed';
import type { Room } from './rows';
import { inSight, nearest } from './sight';
import type { Placed } from './sight';
import { useScroll } from './use-scroll';
import styles from './justified-grid.module.css';

export type Density = 'roomy' | 'even' | 'dense';

const targets: Record<Density, number> = { roomy: 340, even: 250, dense: 160 };

function roomOf(width: number, density: Density): Room {
  const narrow = width < 640;
  const target = targets[density];
  return { width, gap: narrow ? 4 : 8, target: narrow ? Math.round(target * 0.62) : target };
}

interface GridProps<Item extends Sized> {
  feed: Feed<Item>;
  label: string;
  density?: Density;
  /** Draws one picture; the first link or button in it gets `tabIndex`, and fills the tile. */
  tile: (item: Item, place: Placed<Item>, tabIndex: 0 | -1) => ReactNode;
  /** What is said at the end of the list. */
  end?: ReactNode;
  /** Called when somebody has rested at a picture, so that the address can hold it. */
  onRest?: (id: number | undefined) => void;
}

/** Room for what lies over the top of the window. */
const bar = 76;

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, j: 1, k: -1 };

/**
 * Pictures in rows that fill the width. Only what is near the window is in the page, and the page
 * never grows beyond what browsers can scroll. One picture is a stop of the Tab key; from there
 * the arrows go to its neighbours, Control+End behind the list.
 */
export function JustifiedGrid<Item extends Sized>(props: GridProps<Item>) {
  const { label, density = 'even', tile, end } = props;
  const feed = useFeed(props.feed);
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room>(() => feed.room);
  const [active, setActive] = useState<number | undefined>(feed.anchor);
  const { sight, base, height, moveTo } = useScroll(feed, frame, feed.state(), props.onRest);

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const next = roomOf(element.clientWidth, density);
      feed.fit(next);
      setRoom(feed.room);
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [feed, density]);

  useEffect(() => {
    if (!feed.ready) void feed.more();
  }, [feed]);

  // Coming back: the browser's own place first; if the picture is not there, to the picture. A
  // list that was entered by a picture begins with it.
  const returned = useRef<unknown>(null);
  const entered = useRef(!feed.ready);
  useEffect(() => {
    if (!feed.ready || returned.current === feed) return;
    returned.current = feed;
    const { anchor } = feed;
    if (anchor === undefined) return;
    const go = () => {
      const row = feed.rowOf(anchor);
      if (entered.current && row) moveTo(row.top - bar);
      else show(anchor);
    };
    requestAnimationFrame(() => requestAnimationFrame(go));
  });

  // What was open over the list is closed: to the picture that was looked at last.
  useEffect(() => {
    feed.onReturn = focus;
    return () => {
      feed.onReturn = undefined;
    };
  });

  function show(id: number) {
    const row = feed.rowOf(id);
    if (!row) return;
    const offset = feed.base - (frame.current?.getBoundingClientRect().top ?? 0);
    const above = row.top - bar < offset;
    const below = row.top + row.height > offset + window.innerHeight - bar;
    if (above) moveTo(row.top - bar);
    else if (below) moveTo(row.top + row.height - window.innerHeight + bar);
  }

  function focus(id: number) {
    setActive(id);
    show(id);
    requestAnimationFrame(() => {
      const own = frame.current?.querySelector<HTMLElement>(`[data-id="${id}"]`);
      own?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
    });
  }

  function press(event: KeyboardEvent<HTMLDivElement>) {
    const own = (event.target as HTMLElement).closest<HTMLElement>('[data-id]');
    if (!own || event.altKey || event.metaKey) return;
    const id = Number(own.dataset.id);
    if (event.ctrlKey) {
      if (event.key === 'End') leave(event, 'after');
      else if (event.key === 'Home') leave(event, 'before');
      return;
    }
    if (event.key.length === 1 && !shortcutsOn()) return;
    const step = steps[event.key];
    let to: number | undefined;
    if (step !== undefined) to = feed.beside(id, step);
    else if (event.key === 'ArrowUp') to = nearest(feed, room, id, 'up');
    else if (event.key === 'ArrowDown') to = nearest(feed, room, id, 'down');
    else return;
    event.preventDefault();
    if (to !== undefined) focus(to);
  }

  /** Out of a list that has no end: to what stands before or behind it. */
  function leave(event: KeyboardEvent, side: 'before' | 'after') {
    const exit = frame.current?.parentElement?.querySelector<HTMLElement>(`[data-exit="${side}"]`);
    if (!exit) return;
    event.preventDefault();
    exit.focus();
  }

  // A focused picture that is scrolled out of sight keeps its focus.
  const held = frame.current?.contains(document.activeElement) ? active : undefined;
  const placed = inSight(feed, room, sight.top, sight.bottom, held);
  const stop = placed.some((one) => one.id === active) ? active : placed[0]?.id;

  return (
    <div>
      <span data-exit="before" tabIndex={-1} />
      <div
        ref={frame}
        className={styles.frame}
        // Out of sight nothing is drawn, and a feed may not be without articles.
        role={placed.length ? 'feed' : 'group'}
        aria-label={label}
        aria-busy={feed.after === 'loading' || feed.before === 'loading'}
        style={{ height }}
        onKeyDown={press}
        onFocus={(event) => {
          const own = event.target.closest<HTMLElement>('[data-id]');
          if (own) setActive(Number(own.dataset.id));
        }}
      >
        {placed.map((place) => (
          <div
            key={place.id}
            role="article"
            data-id={place.id}
            className={styles.tile}
            aria-posinset={place.position}
            aria-setsize={feed.after === 'end' && feed.before === 'end' ? feed.count : -1}
            style={{
              top: place.top - base,
              left: place.left,
              width: place.width,
              height: place.height,
            }}
          >
            {place.item && tile(place.item, place, place.id === stop ? 0 : -1)}
          </div>
        ))}
      </div>
      {!feed.ready && feed.after !== 'failed' && <Bones room={room} />}
      <Foot feed={feed} end={end} />
    </div>
  );
}

function Foot<Item extends Sized>({ feed, end }: { feed: Feed<Item>; end: ReactNode }) {
  if (feed.after === 'end' && !end) return null;
  return (
    <div className={styles.foot} role="status" data-exit="after" tabIndex={-1}>
      {feed.after === 'failed' ? (
        <Button icon="retry" onClick={() => void feed.more()}>
          {t('The next part did not load. Try again')}
        </Button>
      ) : feed.after === 'end' ? (
        end
      ) : (
        feed.ready && (
          <Button busy={feed.after === 'loading'} onClick={() => void feed.more()}>
            {t('Show more')}
          </Button>
        )
      )}
    </div>
  );
}

const grey = [
  [3, 2, 4, 3],
  [2, 4, 3, 3],
  [4, 3, 2, 3],
];

function Bones({ room }: { room: Room }) {
  return (
    <div className={styles.bones} role="status" aria-label={t('Loading')} aria-busy="true">
      {grey.map((row, index) => (
        <div key={index} style={{ height: room.target }}>
          {row.map((width, place) => (
            <div key={place} style={{ flex: width }}>
              <Bone height="100%" />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
