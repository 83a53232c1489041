import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { Subject } from './community';
import type { Body } from './shapes';

export type ReportReason = Body<'ReportReason'>;
export type ReportRow = Body<'ReportRow'>;
export type ReportPage = Body<'ReportPage'>;
export type ActWish = Body<'ActWish'>;
export type DecisionRow = Body<'DecisionRow'>;
export type PersonStanding = Body<'PersonStanding'>;
export type AppealCase = Body<'AppealCase'>;
export type BlockedRow = Body<'BlockedRow'>;
export type AuditRow = Body<'AuditRow'>;

const byId = (id: number) => ({ params: { path: { id } } });

export const reports = {
  file: (body: Subject & { reason: ReportReason; details?: string; level?: number }) =>
    answer(api.POST('/api/v2/reports', { body })),
};

export const standingQuery = queryOptions({
  queryKey: ['standing'],
  queryFn: () => answer(api.GET('/api/v2/me/standing')),
});

export const appeals = {
  decision: (decision: number, text: string) =>
    answer(api.POST('/api/v2/appeals', { body: { decision, text } })),
  ban: (body: { login: string; password: string; text: string }) =>
    answer(api.POST('/api/v2/appeals/ban', { body })),
};

export const queueQuery = (reason: ReportReason | undefined) =>
  infiniteQueryOptions({
    queryKey: ['moderation', 'queue', reason],
    queryFn: ({ pageParam }) => {
      const query = {
        reason: reason ? [reason] : undefined,
        cursor: pageParam || undefined,
        limit: 50,
      };
      return answer(api.GET('/api/v2/moderation/reports', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    staleTime: 0,
  });

export const reportQuery = (id: number) =>
  queryOptions({
    queryKey: ['moderation', 'report', id],
    queryFn: () => answer(api.GET('/api/v2/moderation/reports/{id}', byId(id))),
    staleTime: 0,
  });

export const appealsQuery = queryOptions({
  queryKey: ['moderation', 'appeals'],
  queryFn: () =>
    answer(api.GET('/api/v2/moderation/appeals', { params: { query: { state: 'Pending' } } })),
  staleTime: 0,
});

export const blocklistQuery = (kind: BlockedRow['kind'] | undefined) =>
  queryOptions({
    queryKey: ['moderation', 'blocklist', kind],
    queryFn: () =>
      answer(api.GET('/api/v2/moderation/blocklist', { params: { query: { kind, limit: 100 } } })),
  });

export const auditQuery = (cursor: string) =>
  queryOptions({
    queryKey: ['moderation', 'audit', cursor],
    queryFn: () => {
      const query = { cursor: cursor ? Number(cursor) : undefined, limit: 50 };
      return answer(api.GET('/api/v2/admin/audit', { params: { query } }));
    },
    staleTime: 0,
  });

interface Decision {
  reports: number[];
  acts: ActWish[];
  reason: string;
  message?: string;
  alike?: boolean;
}

export const moderation = {
  decide: (body: Decision) => answer(api.POST('/api/v2/moderation/decisions', { body })),
  undo: (id: number, reason: string) =>
    answer(api.POST('/api/v2/moderation/decisions/{id}/undo', { ...byId(id), body: { reason } })),
  decideAppeal: (id: number, overturn: boolean, words: string) =>
    answer(
      api.POST('/api/v2/moderation/appeals/{id}/decide', {
        ...byId(id),
        body: { overturn, answer: words },
      }),
    ),
  block: (body: Body<'AddBlocked'>) => answer(api.POST('/api/v2/moderation/blocklist', { body })),
  unblock: (id: number) => answer(api.DELETE('/api/v2/moderation/blocklist/{id}', byId(id))),
};
