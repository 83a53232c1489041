import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { feedKey, fixedFeed, imageFeed, imagesQuery, useGeneration } from '../api/images';
import type { ImageCard, ImageFilter } from '../api/images';
import { t } from '../text/words';
import { Button } from './button';
import { JustifiedGrid } from './justified-grid/justified-grid';
import type { Density } from './justified-grid/justified-grid';
import { Pager } from './pager';
import { ImageTile } from './picture/tile';
import { Bone, Empty, Failure } from './state';
import { useFeed } from './justified-grid/feed';
import type { Feed } from './justified-grid/feed';

interface GalleryProps {
  label: string;
  filter: ImageFilter;
  density?: Density;
  /** Shown instead of an empty list. */
  empty: ReactNode;
}

interface EndlessProps extends GalleryProps {
  /** An image to enter the list by. */
  at?: number;
  onRest?: (id: number | undefined) => void;
}

/** Images below each other, read as somebody scrolls. */
export function EndlessGallery({ label, filter, density, empty, at, onRest }: EndlessProps) {
  const list = feedKey(filter);
  // The filter is told by its key; where it is entered matters once.
  const generation = useGeneration();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => imageFeed(filter, at), [list, generation]);
  return <FeedGallery {...{ label, density, empty, onRest, list, feed }} />;
}

interface FeedProps extends Omit<EndlessProps, 'filter' | 'at'> {
  list: string;
  feed: Feed<ImageCard>;
}

/** A list of images that is read elsewhere, as somebody scrolls. */
export function FeedGallery({ label, density, empty, onRest, list, feed }: FeedProps) {
  useFeed(feed);
  if (!feed.ready && feed.after === 'failed') {
    return <Failure error={feed.error} retry={() => void feed.more()} />;
  }
  if (feed.ready && feed.count === 0) return empty;
  return (
    <JustifiedGrid
      feed={feed}
      label={label}
      density={density}
      onRest={onRest}
      tile={(image, place, tabIndex) => (
        <ImageTile image={image} width={place.width} tabIndex={tabIndex} list={list} />
      )}
      end={t('{count, plural, one {That is the only image} other {That is all: # images}}', {
        count: feed.count,
      })}
    />
  );
}

interface FixedProps {
  label: string;
  /** Names the list, for its neighbours in the viewer. */
  list: string;
  images: ImageCard[];
  density?: Density;
}

/** These images and no others. */
export function FixedGallery({ label, list, images, density }: FixedProps) {
  const ids = images.map((image) => image.id).join();
  // Counts that change do not make it another list.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => fixedFeed(list, images), [list, ids]);
  return (
    <JustifiedGrid
      feed={feed}
      label={label}
      density={density}
      tile={(image, place, tabIndex) => (
        <ImageTile image={image} width={place.width} tabIndex={tabIndex} list={list} />
      )}
    />
  );
}

interface PagedProps extends GalleryProps {
  /** Where the page begins; without one it is found by its number. */
  cursor?: string;
  page: number;
  onPage: (page: number, cursor?: string) => void;
}

/** Beyond the last page. */
export function NoPage({ page, onFirst }: { page: number; onFirst: () => void }) {
  return (
    <Empty
      icon="search"
      title={t('There is no page {page}', { page })}
      actions={<Button onClick={onFirst}>{t('To the first page')}</Button>}
    >
      {t('The list is shorter than that.')}
    </Empty>
  );
}

/** One page of images at a time, for those who want an end and a place to come back to. */
export function PagedGallery(props: PagedProps) {
  const { label, filter, density, empty, cursor, page, onPage } = props;
  const at = cursor || page < 2 ? { cursor } : { page };
  const found = useQuery({
    ...imagesQuery({ limit: 60, ...filter, ...at }),
    staleTime: 5 * 60_000,
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="60dvh" />;
  const { items, nextCursor, previousCursor } = found.data;
  if (items.length === 0) {
    return page < 2 ? empty : <NoPage page={page} onFirst={() => onPage(1)} />;
  }
  return (
    <>
      <FixedGallery
        list={`${feedKey(filter)} page ${cursor ?? page}`}
        images={items}
        label={label}
        density={density}
      />
      <Pager
        page={page}
        busy={found.isFetching}
        onPrevious={
          previousCursor && page > 1
            ? () => onPage(page - 1, page > 2 ? previousCursor : undefined)
            : undefined
        }
        onNext={nextCursor ? () => onPage(page + 1, nextCursor) : undefined}
        onJump={onPage}
      />
    </>
  );
}
