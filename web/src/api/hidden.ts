import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { Body } from './shapes';

export type HiddenRow = Body<'HiddenRow'>;

export const hiddenQuery = queryOptions({
  queryKey: ['hidden'],
  queryFn: () => answer(api.GET('/api/v2/me/hidden')),
  staleTime: 0,
});

const at = '/api/v2/me/hidden/{kind}/{id}' as const;

export const hidden = {
  hide: (kind: HiddenRow['kind'], id: number) =>
    answer(api.PUT(at, { params: { path: { kind, id } } })),
  block: (id: number) => answer(api.PUT('/api/v2/users/{id}/block', { params: { path: { id } } })),
  giveBack: ({ kind, id, blocked }: HiddenRow) =>
    answer(
      blocked
        ? api.DELETE('/api/v2/users/{id}/block', { params: { path: { id } } })
        : api.DELETE(at, { params: { path: { kind, id } } }),
    ),
};
