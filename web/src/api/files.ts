import { queryOptions } from '@tanstack/react-query';
import { http } from './client';
import type { ModelFile, TensorList } from './shapes';

/** A file with its hashes and inspection; asked again until the inspection has ended. */
export const fileQuery = (id: number) =>
  queryOptions({
    queryKey: ['file', id],
    queryFn: () => http.get<ModelFile>(`/files/${id}`),
    refetchInterval: (query) => {
      const state = query.state.data?.inspection.state;
      return state === 'pending' || state === 'running' ? 1000 : false;
    },
  });

export const tensorsQuery = (id: number) =>
  queryOptions({
    queryKey: ['tensors', id],
    queryFn: () => http.get<TensorList>(`/files/${id}/tensors`),
    staleTime: Infinity,
  });

export const files = {
  attach: (versionId: number, form: { upload: string; type?: string }) =>
    http.post<ModelFile>(`/versions/${versionId}/files`, form),
  remove: (id: number) => http.delete(`/files/${id}`),
};

export function downloadAddress(versionId: number, fileId?: number): string {
  return `/api/download/models/${versionId}${fileId ? `?fileId=${fileId}` : ''}`;
}
