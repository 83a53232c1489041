import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { namedFeed, outdateFeed } from './images';
import type { ImageCard } from './images';
import type { PostCard } from './posts';
import type { paths } from './schema';
import type { Body, ModelCard } from './shapes';

export type CollectionCard = Body<'CollectionCard'>;
export type CollectedKind = Body<'CollectedKind'>;
export type CollectionFilter = NonNullable<
  paths['/api/v2/collections']['get']['parameters']['query']
>;
type NewCollection = Body<'CreateCollection'>;
type Changes = NonNullable<
  paths['/api/v2/collections/{id}']['patch']['requestBody']
>['content']['application/json'];

/** What can be put into collections. */
export interface Collected {
  kind: CollectedKind;
  id: number;
}

const byId = (id: number) => ({ params: { path: { id } } });

export const collectionsQuery = (filter: CollectionFilter) =>
  infiniteQueryOptions({
    queryKey: ['collections', 'list', filter],
    queryFn: ({ pageParam }) => {
      const query = { limit: 40, ...filter, cursor: pageParam || undefined };
      return answer(api.GET('/api/v2/collections', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const collectionQuery = (id: number) =>
  queryOptions({
    queryKey: ['collections', 'one', id],
    queryFn: () => answer(api.GET('/api/v2/collections/{id}', byId(id))),
  });

export const collectionItemsQuery = (id: number, status?: Body<'ItemStatus'>) =>
  infiniteQueryOptions({
    queryKey: ['collections', 'items', id, status],
    queryFn: ({ pageParam }) => itemsOf(id, pageParam || undefined, status),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export type Contributor = Body<'ContributorRow'>;

export const contributorsQuery = (id: number) =>
  queryOptions({
    queryKey: ['collections', 'contributors', id],
    queryFn: () => answer(api.GET('/api/v2/collections/{id}/contributors', byId(id))),
  });

export interface Things {
  images: ImageCard[];
  models: ModelCard[];
  posts: PostCard[];
}

const nothing: Things = { images: [], models: [], posts: [] };

/** These things in one request; what the viewer may not see is not among them. */
async function things(kind: CollectedKind, ids: number[]): Promise<Things> {
  if (!ids.length) return nothing;
  const place = new Map(ids.map((id, index) => [id, index]));
  const ordered = <Thing extends { id: number }>(all: Thing[]) =>
    all.toSorted((one, other) => place.get(one.id)! - place.get(other.id)!);
  const params = { query: { ids, limit: ids.length } };
  switch (kind) {
    case 'image':
      return {
        ...nothing,
        images: ordered((await answer(api.GET('/api/v2/images', { params }))).items),
      };
    case 'model':
      return {
        ...nothing,
        models: ordered((await answer(api.GET('/api/v2/models', { params }))).items),
      };
    case 'post':
      return {
        ...nothing,
        posts: ordered((await answer(api.GET('/api/v2/posts', { params }))).items),
      };
  }
}

/** What one part of a collection holds. */
export const thingsQuery = (kind: CollectedKind, ids: number[]) =>
  queryOptions({
    queryKey: ['collections', 'things', kind, ids],
    queryFn: () => things(kind, ids),
    staleTime: 60_000,
  });

const itemsOf = (id: number, cursor: string | undefined, status?: Body<'ItemStatus'>) => {
  const query = { status, cursor, limit: 60 };
  return answer(api.GET('/api/v2/collections/{id}/items', { params: { path: { id }, query } }));
};

/** The images of a collection as a list that goes on; the newest in it comes first. */
export function collectionFeed(id: number) {
  return namedFeed(collectionKey(id), async (cursor) => {
    let at = cursor;
    for (;;) {
      const { items, nextCursor } = await itemsOf(id, at);
      const ids = items.map((item) => item.id);
      const { images } = await things('image', ids);
      if (images.length || !nextCursor) return { items: images, next: nextCursor };
      at = nextCursor;
    }
  });
}

export const collectionKey = (id: number) => `collection ${id}`;

/** Where the viewer may put a thing, and where it is. */
export const placesQuery = (thing: Collected) =>
  queryOptions({
    queryKey: ['collections', 'places', thing.kind, thing.id],
    queryFn: () => answer(api.GET('/api/v2/me/collections', { params: { query: { ...thing } } })),
    staleTime: 0,
  });

export const collections = {
  create: (body: NewCollection) => answer(api.POST('/api/v2/collections', { body })),
  change: (id: number, body: Changes) =>
    answer(api.PATCH('/api/v2/collections/{id}', { ...byId(id), body })),
  remove: (id: number) => answer(api.DELETE('/api/v2/collections/{id}', byId(id))),
  follow: (id: number, on: boolean) =>
    answer(
      on
        ? api.PUT('/api/v2/collections/{id}/follow', byId(id))
        : api.DELETE('/api/v2/collections/{id}/follow', byId(id)),
    ),
  put: (id: number, item: number, on: boolean) => {
    const options = { params: { path: { id, item } } };
    outdateFeed(collectionKey(id));
    return answer(
      on
        ? api.PUT('/api/v2/collections/{id}/items/{item}', options)
        : api.DELETE('/api/v2/collections/{id}/items/{item}', options),
    );
  },
  decide: (id: number, item: number, status: Body<'ItemStatus'>) => {
    outdateFeed(collectionKey(id));
    const params = { path: { id, item } };
    return answer(
      api.PATCH('/api/v2/collections/{id}/items/{item}', { params, body: { status } }),
    );
  },
  allow: (id: number, user: number, permission: Contributor['permission']) => {
    const params = { path: { id, user } };
    const at = '/api/v2/collections/{id}/contributors/{user}' as const;
    return answer(api.PUT(at, { params, body: { permission } }));
  },
  disallow: (id: number, user: number) => {
    const params = { path: { id, user } };
    return answer(api.DELETE('/api/v2/collections/{id}/contributors/{user}', { params }));
  },
  bookmark: (thing: Collected, on: boolean) => {
    const options = { params: { path: { ...thing } } };
    return answer(
      on
        ? api.PUT('/api/v2/bookmarks/{kind}/{id}', options)
        : api.DELETE('/api/v2/bookmarks/{kind}/{id}', options),
    );
  },
};
