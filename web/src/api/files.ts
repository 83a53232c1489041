import { queryOptions } from '@tanstack/react-query';
import { http } from './client';
import type { Page, StoredFile, Tensor, UploadRow } from './shapes';

/** A file with its hashes and findings; asked again until it has been inspected. */
export const fileQuery = (id: number) =>
  queryOptions({
    queryKey: ['file', id],
    queryFn: () => http.get<StoredFile>(`/files/${id}`),
    refetchInterval: (query) => (query.state.data?.verdict === 'pending' ? 1000 : false),
  });

/** All tensors of a file; they come in parts. */
export const tensorsQuery = (id: number) =>
  queryOptions({
    queryKey: ['tensors', id],
    queryFn: async ({ signal }) => {
      const all: Tensor[] = [];
      let cursor: number | undefined;
      do {
        const part: { items: Tensor[]; nextCursor?: number } = await http.get(
          `/files/${id}/tensors`,
          { cursor, limit: 500 },
          signal,
        );
        all.push(...part.items);
        cursor = part.nextCursor;
      } while (cursor !== undefined);
      return all;
    },
    staleTime: Infinity,
  });

/** Uploads of yours that are not finished, also from other machines. */
export const uploads = {
  list: () => http.get<Page<UploadRow>>('/uploads'),
  get: (token: string) => http.get<UploadRow>(`/uploads/${token}`),
};

export function downloadAddress(versionId: number, fileId?: number): string {
  return `/api/download/models/${versionId}${fileId ? `?fileId=${fileId}` : ''}`;
}
