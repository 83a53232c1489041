import { facetFields } from '../../api/search';
import type { SearchFilter, SearchKind, SearchSort } from '../../api/search';
import { many, one } from '../../search';

/** What the address of the search page holds. A value at its default is left out. */
export interface PageSearch {
  q?: string;
  /** One kind; without it a little of every kind. */
  in?: SearchKind;
  type?: string[];
  baseModel?: string[];
  format?: string[];
  checkpointType?: string[];
  tool?: string[];
  username?: string[];
  tag?: string[];
  period?: string;
  sort?: SearchSort;
  paging?: 'pages';
  cursor?: string;
  page?: string;
}

const kinds: SearchKind[] = ['models', 'images', 'posts', 'users', 'collections', 'tags'];

export function pageSearch(search: Record<string, unknown>): PageSearch {
  return {
    q: one(search.q),
    in: kinds.find((kind) => kind === one(search.in)),
    type: many(search.type),
    baseModel: many(search.baseModel),
    format: many(search.format),
    checkpointType: many(search.checkpointType),
    tool: many(search.tool),
    username: many(search.username),
    tag: many(search.tag),
    period: one(search.period),
    // An address may hold anything; the server says which word it does not know.
    sort: one(search.sort) as SearchSort | undefined,
    paging: one(search.paging) === 'pages' ? 'pages' : undefined,
    cursor: one(search.cursor),
    page: one(search.page),
  };
}

/** What every kind can be narrowed by, and stays when somebody looks at another kind. */
export function sharedOf({ q, username, tag, period }: PageSearch): SearchFilter {
  return { q, username, tag, period } as SearchFilter;
}

/** What decides which things of one kind are listed, and in which order. */
export function filterOf(search: PageSearch): SearchFilter {
  const { type, baseModel, format, checkpointType, tool, sort } = search;
  const own = { type, baseModel, format, checkpointType, tool, sort };
  return { ...sharedOf(search), ...own, limit: 40 };
}

/** Any change of what is listed starts again at the first page. */
export const fromStart = { cursor: undefined, page: undefined };

/** Another kind keeps the words and what both can be narrowed by. */
export function ofKind(search: PageSearch, kind: SearchKind | undefined): PageSearch {
  const { q, username, tag, period, paging } = search;
  return { q, in: kind, username, tag, period, paging };
}

export const unfiltered: PageSearch = {
  type: undefined,
  baseModel: undefined,
  format: undefined,
  checkpointType: undefined,
  tool: undefined,
  username: undefined,
  tag: undefined,
  period: undefined,
  ...fromStart,
};

export const isFiltered = (search: PageSearch) =>
  search.period !== undefined || facetFields.some((field) => search[field] !== undefined);

const counted: Record<SearchKind, SearchSort[]> = {
  models: ['mostDownloaded', 'mostLiked', 'mostDiscussed', 'mostCollected', 'mostImages'],
  images: ['mostLiked', 'mostDiscussed', 'mostCollected'],
  posts: ['mostLiked', 'mostDiscussed', 'mostCollected', 'mostImages'],
  users: ['mostFollowed'],
  collections: ['mostFollowed'],
  tags: ['mostImages'],
};

/** The orders that a kind knows; by relevance only where there are words to be relevant to. */
export function sortsOf(kind: SearchKind, words: boolean): SearchSort[] {
  return [...(words ? (['relevance'] as const) : []), 'newest', 'oldest', ...counted[kind]];
}
