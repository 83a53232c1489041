import type { ModelFilter } from '../../api/models';
import { many, one, wholeOf } from '../../search';

/** What the address of the grid holds. A value at its default is left out. */
export interface GridSearch {
  query?: string;
  type?: string[];
  baseModel?: string[];
  tag?: string;
  format?: string[];
  checkpointType?: string;
  /** Only of people whom one follows. */
  followed?: 'yes';
  /** Only what this collection holds. */
  collection?: string;
  sort?: string;
  period?: string;
  view?: 'list';
  density?: 'roomy' | 'dense';
  paging?: 'pages';
  cursor?: string;
  page?: string;
}

export function gridSearch(search: Record<string, unknown>): GridSearch {
  const density = one(search.density);
  return {
    query: one(search.query),
    type: many(search.type),
    baseModel: many(search.baseModel),
    tag: one(search.tag),
    format: many(search.format),
    checkpointType: one(search.checkpointType),
    followed: one(search.followed) === 'yes' ? 'yes' : undefined,
    collection: one(search.collection),
    sort: one(search.sort),
    period: one(search.period),
    view: one(search.view) === 'list' ? 'list' : undefined,
    density: density === 'roomy' || density === 'dense' ? density : undefined,
    paging: one(search.paging) === 'pages' ? 'pages' : undefined,
    cursor: one(search.cursor),
    page: one(search.page),
  };
}

/** The part that decides what is listed, not how it is shown. */
export function filterOf(search: GridSearch): ModelFilter {
  const { query, type, baseModel, tag, format, checkpointType, sort, period } = search;
  const wanted = {
    query,
    type,
    baseModel,
    tag,
    format,
    checkpointType,
    sort,
    period,
    limit: 40,
    followed: search.followed ? true : undefined,
    collection: wholeOf(search.collection),
  };
  // An address may hold anything; the server says which word it does not know.
  return wanted as ModelFilter;
}

/** The same without order: what the counts beside the filters are of. */
export function facetsOf(search: GridSearch) {
  const { query, type, baseModel, tag, format, checkpointType, period } = filterOf(search);
  return { query, type, baseModel, tag, format, checkpointType, period };
}

/** The server counts the whole catalogue, not what single people or collections hold. */
export const countable = (search: GridSearch) => !search.followed && !search.collection;

/** Any change of what is listed starts again at the first page. */
export const fromStart = { cursor: undefined, page: undefined };

export const unfiltered: GridSearch = {
  query: undefined,
  type: undefined,
  baseModel: undefined,
  tag: undefined,
  format: undefined,
  checkpointType: undefined,
  followed: undefined,
  collection: undefined,
  period: undefined,
  ...fromStart,
};
