import type { ImageFilter } from '../../api/images';
import { many, one } from '../../search';
import type { Density } from '../../ui/justified-grid/justified-grid';

/** What the address of a list of images holds. A value at its default is left out. */
export interface ImageSearch {
  tag?: string;
  type?: string;
  baseModel?: string[];
  tool?: string;
  recipe?: 'yes';
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
    tag: one(search.tag),
    type: one(search.type),
    baseModel: many(search.baseModel),
    tool: one(search.tool),
    recipe: one(search.recipe) === 'yes' ? 'yes' : undefined,
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
  const { tag, type, baseModel, tool, recipe, sort, period } = search;
  const wanted = { tag, type, baseModel, tool, hasMeta: recipe ? true : undefined, sort, period };
  // An address may hold anything; the server says which word it does not know.
  return wanted as ImageFilter;
}

/** Any change of what is listed starts again at the first page. */
export const fromStart = { cursor: undefined, page: undefined, at: undefined };

export const unfiltered: ImageSearch = {
  tag: undefined,
  type: undefined,
  baseModel: undefined,
  tool: undefined,
  recipe: undefined,
  period: undefined,
  ...fromStart,
};
