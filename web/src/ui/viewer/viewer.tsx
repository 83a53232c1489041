import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { knownFeed } from '../../api/images';
import { useGenerator } from '../../frame/generator';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { useFeed, Feed } from '../justified-grid/feed';
import type { Sized } from '../justified-grid/feed';
import { viewing } from '../picture/tile';
import { ImageLayout } from './image-layout';
import styles from './viewer.module.css';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The image that lies open over the page. */
    viewing?: number;
    /** The list it was opened from. */
    list?: string;
    /** A page of a list that was reached from the page before it. */
    turned?: boolean;
  }
}

const nothing = new Feed<Sized>(async () => ({ items: [] }));

/**
 * An image over the page it was opened from, under the image's own address. The page below stays
 * as it is; going back closes this.
 */
export default function Viewer({ id }: { id: number }) {
  const list = useRouterState({ select: (state) => state.location.state.list });
  const feed = knownFeed(list);
  useFeed<Sized>(feed ?? nothing);
  const generator = useGenerator().open;
  const navigate = useNavigate();
  const router = useRouter();
  const frame = useRef<HTMLDivElement>(null);
  const title = useRef(document.title);
  usePageTitle(t('Image {id}', { id: String(id) }));

  const shown = useRef({ id, feed });
  useEffect(() => {
    shown.current = { id, feed };
  }, [id, feed]);

  useEffect(() => {
    const before = title.current;
    frame.current?.focus();
    document.documentElement.dataset.covered = '';
    return () => {
      document.title = before;
      delete document.documentElement.dataset.covered;
      shown.current.feed?.onReturn?.(shown.current.id);
    };
  }, []);

  const beside = (by: 1 | -1) => {
    const other = feed?.beside(id, by);
    return other === undefined ? undefined : feed?.get(other);
  };

  useEffect(() => {
    if (!feed) return;
    feed.anchor = id;
    const place = feed.find(id);
    if (place) feed.touch(place.block, Math.min(place.block + 1, feed.blocks.length - 1));
    if (feed.beside(id, 8) === undefined && feed.after === 'idle') void feed.more();
    if (feed.beside(id, -8) === undefined && feed.before === 'idle') void feed.earlier();
  }, [feed, id]);

  function onStep(by: 1 | -1) {
    const other = feed?.beside(id, by);
    if (other !== undefined) void navigate({ ...viewing(other, list), replace: true });
  }

  return (
    <div
      ref={frame}
      id="viewer"
      className={styles.overlay}
      role="dialog"
      // The generator may stand beside it.
      aria-modal={!generator}
      aria-label={t('Image viewer')}
      tabIndex={-1}
    >
      <ImageLayout
        id={id}
        card={feed?.get(id)}
        next={beside(1)}
        previous={beside(-1)}
        onStep={onStep}
        onLeave={() => router.history.back()}
        frame={frame}
      />
    </div>
  );
}
