import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, api, Problem } from './client';
import type { paths } from './schema';
import type { Body, ModelType } from './shapes';

export type SearchKind = Body<'SearchKind'>;
export type SearchHit = Body<'SearchHit'>;
export type SearchSection = Body<'SearchSection'>;
export type SearchReply = Body<'SearchReply'>;
export type FacetField = Body<'FacetField'>;
export type SearchSort = Body<'SearchSort'>;
export type Snippet = Body<'HitSnippet'>;
export type SearchFilter = Omit<
  NonNullable<paths['/api/v2/search']['get']['parameters']['query']>,
  'cursor'
>;

const ask = (query: SearchFilter & { cursor?: string }, signal?: AbortSignal) =>
  answer(api.GET('/api/v2/search', { params: { query }, signal }));

/** What can be narrowed by, in the order of the panel. */
export const facetFields: FacetField[] = [
  'type',
  'baseModel',
  'tag',
  'tool',
  'username',
  'format',
  'checkpointType',
];

/** What is found while somebody types; an answer that is no longer waited for is not read. */
export const quickQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', 'quick', q],
    queryFn: ({ signal }) => ask({ q, typing: true, limit: 4 }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Whole searches that begin like this. */
export const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', 'suggestions', q],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v2/suggest', { params: { query: { q, limit: 3 } }, signal })),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** A little of every kind, with its total. */
export const overviewQuery = (filter: SearchFilter) =>
  queryOptions({
    queryKey: ['search', 'overview', filter],
    queryFn: ({ signal }) => ask({ ...filter, limit: 6 }, signal),
    retry: once,
    gcTime: 30 * 60_000,
  });

/** One page of one kind, with the counts of all that it can be narrowed by. */
export const searchPageQuery = (kind: SearchKind, filter: SearchFilter, cursor?: string) =>
  queryOptions({
    queryKey: ['search', 'page', kind, filter, cursor],
    queryFn: ({ signal }) => ask({ ...filter, in: [kind], facets: facetFields, cursor }, signal),
    placeholderData: (before, query) => (query?.queryKey[2] === kind ? before : undefined),
    retry: once,
    gcTime: 30 * 60_000,
    staleTime: 5 * 60_000,
  });

/** The same, page after page; only the first one counts. */
export const endlessSearchQuery = (kind: SearchKind, filter: SearchFilter) =>
  infiniteQueryOptions({
    queryKey: ['search', 'endless', kind, filter],
    queryFn: ({ pageParam, signal }) => {
      const facets = pageParam ? undefined : facetFields;
      return ask({ ...filter, in: [kind], facets, cursor: pageParam || undefined }, signal);
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.sections[0]?.nextCursor,
    placeholderData: (before, query) => (query?.queryKey[2] === kind ? before : undefined),
    retry: once,
    // Coming back must find every page that was there, or the place is lost.
    gcTime: 30 * 60_000,
    staleTime: 5 * 60_000,
  });

/** What is about the same, the most alike first; nothing where that is not known. */
export const similarQuery = (kind: 'models' | 'images', id: number) =>
  queryOptions({
    queryKey: ['search', 'similar', kind, id],
    queryFn: ({ signal }) => {
      const asked = { params: { path: { id }, query: { limit: 12 } }, signal };
      return answer(
        kind === 'models'
          ? api.GET('/api/v2/models/{id}/similar', asked)
          : api.GET('/api/v2/images/{id}/similar', asked),
      );
    },
    select: ({ items }): SearchHit[] => items.map((item) => ({ ...item, snippets: [], related: true })),
    retry: false,
    staleTime: 5 * 60_000,
  });

/** Who waits for an answer is told soon that there is none. */
function once(count: number, error: Error): boolean {
  return error instanceof Problem && error.passing && error.status !== 429 && count < 1;
}

/** Whether this failure is the search's own, and not one of what was asked. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Problem && error.status >= 500;
}

/** Where the query itself is wrong, or nothing. */
export function faultsOf(error: unknown) {
  if (!(error instanceof Problem) || error.code !== 'query_invalid') return undefined;
  return error.fields.filter((fault) => fault.position !== undefined);
}

export const hitsOf = (reply: SearchReply, kind: SearchKind) =>
  reply.hits.filter((hit) => hit.kind === kind);

/** Models of these types, as one types; for choosing one. */
export const modelHitsQuery = (q: string, type: ModelType[], baseModel?: string[]) =>
  queryOptions({
    queryKey: ['search', 'models', q, type, baseModel],
    queryFn: ({ signal }) =>
      ask({ q, in: ['models'], type, baseModel, typing: true, limit: 20 }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
