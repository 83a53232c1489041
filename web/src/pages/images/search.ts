import type { ImageFilter } from '../../api/images';
import { many, one, wholeOf } from '../../search';
import type { Density } from '../../ui/justified-grid/justified-grid';

/** What the address of a list of images holds. A value at its default is left out. */
export interface ImageSearch {
  /** Of this model's gallery, this version's, made with it, or by this person. */
  model?: string;
  version?: string;
  resource?: string;
  username?: string;
  tag?: string;
  type?: string;
  baseModel?: string[];
  tool?: string;
  recipe?: 'yes';
  /** Only of people whom one follows. */
  followed?: 'yes';
  /** Only what this collection holds. */
  collection?: string;
  sort?: string;
  period?: string;
  density?: Density;
  paging?: 'pages';
  cursor?: string;
  page?: string;
  /** The image that was at the top of the window. */
  at?: string;
}

export function imageSearch(search: Record<string, unknown>): ImageSearch {
  const density = one(search.density);
  return {
    model: one(search.model),
    version: one(search.version),
    resource: one(search.resource),
    username: one(search.username),
    tag: one(search.tag),
    type: one(search.type),
    baseModel: many(search.baseModel),
    tool: one(search.tool),
    recipe: one(search.recipe) === 'yes' ? 'yes' : undefined,
    followed: one(search.followed) === 'yes' ? 'yes' : undefined,
    collection: one(search.collection),
    sort: one(search.sort),
    period: one(search.period),
    density: density === 'roomy' || density === 'dense' ? density : undefined,
    paging: one(search.paging) === 'pages' ? 'pages' : undefined,
    cursor: one(search.cursor),
    page: one(search.page),
    at: one(search.at),
  };
}

/** The part that decides what is listed, not how it is shown. */
export function filterOf(search: ImageSearch): ImageFilter {
  const { username, tag, type, baseModel, tool, recipe, sort, period } = search;
  const wanted = {
    model: wholeOf(search.model),
    version: wholeOf(search.version),
    resource: wholeOf(search.resource),
    followed: search.followed ? true : undefined,
    collection: wholeOf(search.collection),
    username,
    tag,
    type,
    baseModel,
    tool,
    hasMeta: recipe ? true : undefined,
    sort,
    period,
  };
  // An address may hold anything; the server says which word it does not know.
  return wanted as ImageFilter;
}

/** Any change of what is listed starts again at the first page. */
export const fromStart = { cursor: undefined, page: undefined, at: undefined };

export const unfiltered: ImageSearch = {
  model: undefined,
  version: undefined,
  resource: undefined,
  username: undefined,
  tag: undefined,
  type: undefined,
  baseModel: undefined,
  tool: undefined,
  recipe: undefined,
  followed: undefined,
  collection: undefined,
  period: undefined,
  ...fromStart,
};
