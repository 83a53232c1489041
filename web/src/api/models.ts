import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http } from './client';
import type { Query } from './client';
import type { Enums, Licence, Model, ModelSummary, Page, Tag, Version } from './shapes';

export interface ModelFilter {
  query?: string;
  type?: string[];
  baseModel?: string[];
  tag?: string[];
  format?: string[];
  checkpointType?: string;
  username?: string;
  sort?: string;
  period?: string;
  status?: string;
  cursor?: string;
  limit?: number;
}

const list = (filter: ModelFilter, signal?: AbortSignal) =>
  http.get<Page<ModelSummary>>('/models', filter as Query, signal);

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

export const modelQuery = (id: number) =>
  queryOptions({ queryKey: ['model', id], queryFn: () => http.get<Model>(`/models/${id}`) });

export const enumsQuery = queryOptions({
  queryKey: ['enums'],
  queryFn: () => http.get<Enums>('/enums'),
  staleTime: Infinity,
});

export const tagsQuery = (query: string) =>
  queryOptions({
    queryKey: ['tags', query],
    queryFn: () => http.get<Page<Tag>>('/tags', { query, limit: 20 }),
    staleTime: 60_000,
  });

export type ModelForm = Partial<Licence> & {
  name?: string;
  type?: string;
  checkpointType?: string | null;
  description?: string;
  tags?: string[];
  nsfwLevel?: number;
};

export interface VersionForm {
  name?: string;
  baseModel?: string;
  trainedWords?: string[];
  description?: string;
  steps?: number | null;
  epochs?: number | null;
  clipSkip?: number | null;
}

export const models = {
  create: (form: ModelForm) => http.post<Model>('/models', form),
  change: (id: number, form: ModelForm) => http.patch<Model>(`/models/${id}`, form),
  remove: (id: number) => http.delete(`/models/${id}`),
  publish: (id: number, at?: string) => http.post(`/models/${id}/publish`, at ? { at } : {}),
  unpublish: (id: number) => http.post(`/models/${id}/unpublish`),
  archive: (id: number) => http.post(`/models/${id}/archive`),
  restore: (id: number) => http.post(`/models/${id}/restore`),
  addVersion: (id: number, form: VersionForm) => http.post<Version>(`/models/${id}/versions`, form),
  changeVersion: (id: number, form: VersionForm) => http.patch<Version>(`/versions/${id}`, form),
  removeVersion: (id: number) => http.delete(`/versions/${id}`),
  publishVersion: (id: number, at?: string) =>
    http.post(`/versions/${id}/publish`, at ? { at } : {}),
};
