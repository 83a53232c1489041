import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { paths } from './schema';
import type { Body } from './shapes';

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
    queryFn: ({ pageParam }) => {
      const query = { status, cursor: pageParam || undefined, limit: 60 };
      return answer(api.GET('/api/v2/collections/{id}/items', { params: { path: { id }, query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

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
    return answer(
      on
        ? api.PUT('/api/v2/collections/{id}/items/{item}', options)
        : api.DELETE('/api/v2/collections/{id}/items/{item}', options),
    );
  },
  decide: (id: number, item: number, status: Body<'ItemStatus'>) =>
    answer(
      api.PATCH('/api/v2/collections/{id}/items/{item}', {
        params: { path: { id, item } },
        body: { status },
      }),
    ),
  bookmark: (thing: Collected, on: boolean) => {
    const options = { params: { path: { ...thing } } };
    return answer(
      on
        ? api.PUT('/api/v2/bookmarks/{kind}/{id}', options)
        : api.DELETE('/api/v2/bookmarks/{kind}/{id}', options),
    );
  },
};
