import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { t } from '../text/words';
import { answer, api, Problem } from './client';
import type { paths } from './schema';
import type { Pictured } from './images';
import type { FileCard, ModelCard, VersionCard } from './shapes';

export type ModelFilter = NonNullable<paths['/api/v2/models']['get']['parameters']['query']>;

const list = (query: ModelFilter, signal?: AbortSignal) =>
  answer(api.GET('/api/v2/models', { params: { query }, signal }));

export const modelsQuery = (filter: ModelFilter) =>
  queryOptions({
    queryKey: ['models', 'page', filter],
    queryFn: ({ signal }) => list(filter, signal),
  });

export const endlessModelsQuery = (filter: ModelFilter) =>
  infiniteQueryOptions({
    queryKey: ['models', 'endless', filter],
    queryFn: ({ pageParam, signal }) => list({ ...filter, cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // Coming back to a grid must find every page that was there, or the place is lost.
    gcTime: 30 * 60_000,
    staleTime: 5 * 60_000,
  });

type FacetFilter = NonNullable<paths['/api/v2/models/facets']['get']['parameters']['query']>;

/** How many models each value of each filter would list, beside all other filters that are on. */
export const facetsQuery = (filter: FacetFilter) =>
  queryOptions({
    queryKey: ['models', 'facets', filter],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v2/models/facets', { params: { query: filter }, signal })),
    // The counts from before stay until the new ones are there, so nothing jumps.
    placeholderData: keepPreviousData,
  });

const of = (id: number) => ({ params: { path: { id } } });

export const modelQuery = (id: number) =>
  queryOptions({
    queryKey: ['model', id],
    queryFn: () => answer(api.GET('/api/v2/models/{id}', of(id))),
  });

/** Of which model this is a version; answers to Civitai's API say it. */
export const modelOfVersionQuery = (version: number) =>
  queryOptions({
    queryKey: ['model of version', version],
    queryFn: async ({ signal }): Promise<number> => {
      const reply = await fetch(`/api/v1/model-versions/${version}`, { signal });
      if (!reply.ok) throw new Problem(reply.status, 'version_missing', t('There is no such model.'));
      return ((await reply.json()) as { modelId: number }).modelId;
    },
    staleTime: Infinity,
  });

/** The fixed words of the catalogue. */
export const vocabularyQuery = queryOptions({
  queryKey: ['vocabulary'],
  queryFn: () => answer(api.GET('/api/v2/vocabulary')),
  staleTime: Infinity,
});

export const tagsQuery = (query: string) =>
  queryOptions({
    queryKey: ['tags', query],
    queryFn: () => answer(api.GET('/api/v2/tags', { params: { query: { query, limit: 20 } } })),
    staleTime: 60_000,
  });

type BodyOf<Operation> = Operation extends {
  requestBody?: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

type NewModel = BodyOf<paths['/api/v2/models']['post']>;
export type ModelForm = BodyOf<paths['/api/v2/models/{id}']['patch']>;
type NewVersion = BodyOf<paths['/api/v2/models/{id}/versions']['post']>;
export type VersionForm = BodyOf<paths['/api/v2/versions/{id}']['patch']>;

export const models = {
  create: (body: NewModel) => answer(api.POST('/api/v2/models', { body })),
  change: (id: number, body: ModelForm) =>
    answer(api.PATCH('/api/v2/models/{id}', { ...of(id), body })),
  remove: (id: number) => answer(api.DELETE('/api/v2/models/{id}', of(id))),
  restore: (id: number) => answer(api.POST('/api/v2/models/{id}/restore', of(id))),
  unpublish: (id: number) => answer(api.POST('/api/v2/models/{id}/unpublish', of(id))),
  archive: (id: number) => answer(api.POST('/api/v2/models/{id}/archive', of(id))),
  unarchive: (id: number) => answer(api.POST('/api/v2/models/{id}/unarchive', of(id))),
  addVersion: (id: number, body: NewVersion) =>
    answer(api.POST('/api/v2/models/{id}/versions', { ...of(id), body })),
  changeVersion: (id: number, body: VersionForm) =>
    answer(api.PATCH('/api/v2/versions/{id}', { ...of(id), body })),
  /** Publishes a version and its model, now or at a later moment. */
  publishVersion: (id: number, at?: string) =>
    answer(api.POST('/api/v2/versions/{id}/publish', { ...of(id), body: { at } })),
  attach: (id: number, upload: number) =>
    answer(api.POST('/api/v2/versions/{id}/files', { ...of(id), body: { upload } })),
  detach: (id: number, file: number) =>
    answer(api.DELETE('/api/v2/versions/{id}/files/{file}', { params: { path: { id, file } } })),
};

/** The file that a download of this version gives. */
export function primaryFile(version: VersionCard | undefined): FileCard | undefined {
  return version?.files.find((file) => file.primary) ?? version?.files[0];
}

/** The picture that stands for a model in lists, if its creator shows one. */
export function coverOf(model: ModelCard): Pictured | undefined {
  const first = model.versions.find((version) => version.images.length)?.images[0];
  if (!first) return undefined;
  const { video, ...rest } = first;
  return { ...rest, type: video ? 'video' : 'image', state: 'ready', creator: model.creator };
}

/** What a pattern is drawn from: the newest main file's hash, else the name. */
export function coverSeed(model: ModelCard, version = model.versions[0]): string {
  return primaryFile(version)?.hashes.SHA256 || model.name;
}
