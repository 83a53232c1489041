import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { Tensor } from './shapes';

/** A file with its hashes and findings; asked again until it has been inspected. */
export const fileQuery = (id: number) =>
  queryOptions({
    queryKey: ['file', id],
    queryFn: () => answer(api.GET('/api/v2/files/{id}', { params: { path: { id } } })),
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
        const params = { path: { id }, query: { cursor, limit: 500 } };
        const part = await answer(api.GET('/api/v2/files/{id}/tensors', { params, signal }));
        all.push(...part.items);
        cursor = part.nextCursor;
      } while (cursor !== undefined);
      return all;
    },
    staleTime: Infinity,
  });

/** The viewer's unfinished uploads, whichever browser began them. */
export const uploadsQuery = queryOptions({
  queryKey: ['uploads'],
  queryFn: () => answer(api.GET('/api/v2/uploads')),
});

export const uploadAddress = (token: string) => `/api/v2/uploads/${token}`;

export const forgetUpload = (token: string) =>
  answer(api.DELETE('/api/v2/uploads/{token}', { params: { path: { token } } }));

/** What one of the viewer's uploads became. */
export const uploadOf = (token: string) =>
  answer(api.GET('/api/v2/uploads/{token}', { params: { path: { token } } }));

export function downloadAddress(versionId: number, fileId?: number): string {
  return `/api/download/models/${versionId}${fileId ? `?fileId=${fileId}` : ''}`;
}
