import { queryOptions } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { Feed } from '../ui/justified-grid/feed';
import type { Load } from '../ui/justified-grid/feed';
import { useSyncExternalStore } from 'react';
import { Problem, answer, api } from './client';
import type { paths } from './schema';
import type { Body } from './shapes';

export type ImageCard = Body<'ImageCard'>;
/** What it takes to draw a picture, and to know whether to veil it. */
export type Pictured = Pick<
  ImageCard,
  | 'id'
  | 'key'
  | 'name'
  | 'type'
  | 'width'
  | 'height'
  | 'thumbHash'
  | 'nsfwLevel'
  | 'state'
  | 'creator'
>;
type Addressed = Pick<ImageCard, 'key' | 'name' | 'type'>;
export type ImageView = Body<'ImagePage'>;
export type ImageResource = Body<'ImageResourceCard'>;
export type Recipe = Body<'Recipe'>;
export type ImageFilter = Omit<
  NonNullable<paths['/api/v2/images']['get']['parameters']['query']>,
  'cursor' | 'around' | 'page'
>;

/** Widths that the server makes; others are rounded up to the next of these. */
const widths = [96, 160, 320, 450, 525, 800, 1200, 1600, 2400];

/** The address of a picture for a box of `css` pixels. */
export function addressOf(image: Addressed, css: number): string {
  if (image.type === 'video') return originalOf(image);
  const needed = css * Math.min(2, window.devicePixelRatio || 1);
  const width = widths.find((one) => one >= needed) ?? 2400;
  return `/img/${image.key}/width=${width}/${image.name}`;
}

export function originalOf(image: Addressed): string {
  return `/img/${image.key}/original=true/${image.name}`;
}

const byId = (id: number) => ({ params: { path: { id } } });

export const imageQuery = (id: number) =>
  queryOptions({
    queryKey: ['image', id],
    queryFn: () => answer(api.GET('/api/v2/images/{id}', byId(id))),
    // Just uploaded: its recipe comes a moment later.
    refetchInterval: (query) => (query.state.data?.image.state === 'pending' ? 700 : false),
  });

const part = 60;
const entry = '@';

/** A part of the list; the cursor `@12` means the part that has image 12 in its middle. */
async function load(filter: ImageFilter, cursor: string | undefined) {
  const start = cursor?.startsWith(entry) ? Number(cursor.slice(entry.length)) : undefined;
  const ask = async (at: { cursor?: string; around?: number }) => {
    const query = { limit: part, ...filter, ...at };
    const found = await answer(api.GET('/api/v2/images', { params: { query } }));
    return { items: found.items, next: found.nextCursor, previous: found.previousCursor };
  };
  if (!start) return ask({ cursor });
  try {
    return await ask({ around: start });
  } catch (error) {
    // The image by which it was entered has left the list; the list is still there.
    if (error instanceof Problem && error.status === 404) return ask({});
    throw error;
  }
}

export const imagesQuery = (filter: ImageFilter & { cursor?: string; page?: number }) =>
  queryOptions({
    queryKey: ['images', filter],
    queryFn: () => answer(api.GET('/api/v2/images', { params: { query: filter } })),
  });

const feeds = new Map<string, Feed<ImageCard>>();
const most = 8;

/** Names a list, so that what is opened from it knows its neighbours. */
export function feedKey(filter: ImageFilter): string {
  return JSON.stringify(Object.entries(filter).sort(([one], [other]) => (one < other ? -1 : 1)));
}

export function knownFeed(key: string | undefined): Feed<ImageCard> | undefined {
  return key === undefined ? undefined : feeds.get(key);
}

/** The list of these images, as far as it was read before; `at` is an image to enter it by. */
export function imageFeed(filter: ImageFilter, at?: number): Feed<ImageCard> {
  const key = feedKey(filter);
  let feed = feeds.get(key);
  if (!feed || (at && !feed.find(at))) {
    feed = new Feed((cursor) => load(filter, cursor), at ? `${entry}${at}` : undefined);
    feed.anchor = at;
  }
  return keep(key, feed);
}

/** A list that is read by `load`, under a name of its own. */
export function namedFeed(key: string, load: Load<ImageCard>): Feed<ImageCard> {
  const known = outdated.delete(key) ? undefined : feeds.get(key);
  return keep(key, known ?? new Feed(load));
}

const outdated = new Set<string>();

/** Who shows the list goes on showing it; it is read anew when somebody comes to it again. */
export function outdateFeed(key: string) {
  outdated.add(key);
}

function keep(key: string, feed: Feed<ImageCard>): Feed<ImageCard> {
  feeds.delete(key);
  feeds.set(key, feed);
  while (feeds.size > most) feeds.delete(feeds.keys().next().value!);
  return feed;
}

/** A list that is known as a whole, under a name of its own. */
export function fixedFeed(key: string, items: ImageCard[]): Feed<ImageCard> {
  return keep(key, new Feed<ImageCard>(async () => ({ items })));
}

const watchers = new Set<() => void>();
let generation = 0;

/** After something changed which images there are: lists are read anew, also those on the page. */
export function forgetFeeds() {
  feeds.clear();
  generation += 1;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Another number whenever lists have to be read anew. */
export function useGeneration(): number {
  return useSyncExternalStore(watch, () => generation);
}

/** Changes a picture wherever it is shown. */
export function patchImage(
  queries: QueryClient,
  id: number,
  change: (image: ImageCard) => ImageCard,
) {
  for (const feed of feeds.values()) feed.patch(id, change);
  queries.setQueryData(imageQuery(id).queryKey, (view) =>
    view ? { ...view, image: change(view.image) } : view,
  );
}

export function dropImage(id: number) {
  for (const feed of feeds.values()) feed.drop(id);
}

type Changes = NonNullable<
  paths['/api/v2/images/{id}']['patch']['requestBody']
>['content']['application/json'];
type NewImage = NonNullable<
  paths['/api/v2/images']['post']['requestBody']
>['content']['application/json'];

export const images = {
  create: (body: NewImage) => answer(api.POST('/api/v2/images', { body })),
  change: (id: number, body: Changes) =>
    answer(api.PATCH('/api/v2/images/{id}', { ...byId(id), body })),
  remove: (id: number) => answer(api.DELETE('/api/v2/images/{id}', byId(id))),
  restore: (id: number) => answer(api.POST('/api/v2/images/{id}/restore', byId(id))),
  vote: (id: number, level: number) =>
    answer(api.PUT('/api/v2/images/{id}/level-vote', { ...byId(id), body: { level } })),
  withdrawVote: (id: number) => answer(api.DELETE('/api/v2/images/{id}/level-vote', byId(id))),
  workflow: (id: number) => answer(api.GET('/api/v2/images/{id}/workflow', byId(id))),
};
