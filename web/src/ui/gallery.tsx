import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { feedKey, fixedFeed, imageFeed, imagesQuery } from '../api/images';
import type { ImageCard, ImageFilter } from '../api/images';
import { t } from '../text/words';
import { JustifiedGrid } from './justified-grid/justified-grid';
import type { Density } from './justified-grid/justified-grid';
import { Pager } from './pager';
import { ImageTile } from './picture/tile';
import { Bone, Failure } from './state';
import { useFeed } from './justified-grid/feed';

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
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => imageFeed(filter, at), [list]);
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
  cursor?: string;
  page: number;
  onPage: (cursor: string | undefined, page: number) => void;
}

/** One page of images at a time, for those who want an end and a place to come back to. */
export function PagedGallery(props: PagedProps) {
  const { label, filter, density, empty, cursor, page, onPage } = props;
  const router = useRouter();
  const found = useQuery({
    ...imagesQuery({ limit: 60, ...filter, cursor }),
    staleTime: 5 * 60_000,
  });
  const items = found.data?.items;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!items) return <Bone height="60dvh" />;
  if (items.length === 0) return empty;
  return (
    <>
      <FixedGallery
        list={`${feedKey(filter)} page ${cursor ?? ''}`}
        images={items}
        label={label}
        density={density}
      />
      <Pager
        page={page}
        busy={found.isFetching}
        onPrevious={page > 1 ? () => router.history.back() : undefined}
        onNext={found.data?.nextCursor ? () => onPage(found.data.nextCursor, page + 1) : undefined}
      />
    </>
  );
}
