import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http } from './client';
import type { Query } from './client';
import type {
  CheckpointType,
  FileCard,
  Licence,
  ModelCard,
  Page,
  Status,
  Tag,
  VersionCard,
  Vocabulary,
} from './shapes';

export interface ModelFilter {
  query?: string;
  type?: string[];
  baseModel?: string[];
  tag?: string;
  format?: string[];
  checkpointType?: string;
  username?: string;
  sort?: string;
  period?: string;
  mine?: boolean;
  status?: Status;
  archived?: boolean;
  deleted?: boolean;
  cursor?: string;
  limit?: number;
}

const list = (filter: ModelFilter, signal?: AbortSignal) =>
  http.get<Page<ModelCard>>('/models', filter as Query, signal);

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
  queryOptions({ queryKey: ['model', id], queryFn: () => http.get<ModelCard>(`/models/${id}`) });

/** The fixed words of the catalogue. */
export const vocabularyQuery = queryOptions({
  queryKey: ['vocabulary'],
  queryFn: () => http.get<Vocabulary>('/vocabulary'),
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
  checkpointType?: CheckpointType;
  description?: string;
  tags?: string[];
  nsfwLevel?: number;
};

export interface VersionForm {
  name?: string;
  baseModel?: string;
  trainedWords?: string[];
  description?: string;
  steps?: number;
  epochs?: number;
  clipSkip?: number;
}

export const models = {
  create: (form: ModelForm) => http.post<ModelCard>('/models', form),
  change: (id: number, form: ModelForm) => http.patch<ModelCard>(`/models/${id}`, form),
  remove: (id: number) => http.delete(`/models/${id}`),
  restore: (id: number) => http.post<ModelCard>(`/models/${id}/restore`),
  unpublish: (id: number) => http.post<ModelCard>(`/models/${id}/unpublish`),
  archive: (id: number) => http.post<ModelCard>(`/models/${id}/archive`),
  unarchive: (id: number) => http.post<ModelCard>(`/models/${id}/unarchive`),
  addVersion: (id: number, form: VersionForm) =>
    http.post<ModelCard>(`/models/${id}/versions`, form),
  changeVersion: (id: number, form: VersionForm) => http.patch<ModelCard>(`/versions/${id}`, form),
  /** Publishes a version and its model, now or at a later moment. */
  publishVersion: (id: number, at?: string) =>
    http.post<ModelCard>(`/versions/${id}/publish`, at ? { at } : {}),
  attach: (versionId: number, form: { upload?: number; file?: number }) =>
    http.post<ModelCard>(`/versions/${versionId}/files`, form),
  detach: (versionId: number, fileId: number) =>
    http.delete(`/versions/${versionId}/files/${fileId}`),
};

/** The file that a download of this version gives. */
export function primaryFile(version: VersionCard | undefined): FileCard | undefined {
  return version?.files.find((file) => file.primary) ?? version?.files[0];
}

/** What the cover is drawn from: the newest main file's hash, else the name. */
export function coverSeed(model: ModelCard, version = model.versions[0]): string {
  return primaryFile(version)?.hashes.SHA256 || model.name;
}
