import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { SearchKind } from './search';
import type { Body, JobState } from './shapes';

const page = 50;
/** Beside the news that the server pushes (live.ts): jobs may run in other processes. */
const nowAndThen = 10_000;
const of = (id: number) => ({ params: { path: { id } } });

export const membersQuery = (query: string, cursor: string) =>
  queryOptions({
    queryKey: ['admin', 'users', query, cursor],
    queryFn: () => {
      const wanted = { query: query || undefined, cursor: cursor || undefined, limit: page };
      return answer(api.GET('/api/v2/admin/users', { params: { query: wanted } }));
    },
  });

export const invitesQuery = queryOptions({
  queryKey: ['admin', 'invites'],
  queryFn: () => answer(api.GET('/api/v2/admin/invites')),
});

export const jobsQuery = (state: JobState | '', kind: string, cursor: string) =>
  queryOptions({
    queryKey: ['admin', 'jobs', state, kind, cursor],
    queryFn: () => {
      const wanted = {
        state: state || undefined,
        kind: kind || undefined,
        cursor: cursor || undefined,
        limit: page,
      };
      return answer(api.GET('/api/v2/admin/jobs', { params: { query: wanted } }));
    },
    refetchInterval: nowAndThen,
  });

export const jobSummaryQuery = queryOptions({
  queryKey: ['admin', 'jobs', 'summary'],
  queryFn: () => answer(api.GET('/api/v2/admin/jobs/summary')),
  refetchInterval: nowAndThen,
});

/** A job that works for the viewer, followed while it runs. */
export const jobQuery = (id: number) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: () => answer(api.GET('/api/v2/jobs/{id}', of(id))),
    refetchInterval: nowAndThen,
  });

export type SettingValue = string | number | boolean;

export interface SettingsGroup {
  name: string;
  title: string;
  values: Record<string, SettingValue>;
}

export const settingsQuery = queryOptions({
  queryKey: ['admin', 'settings'],
  queryFn: async () => {
    const { groups } = await answer(api.GET('/api/v2/admin/settings'));
    return groups as SettingsGroup[];
  },
});

export const importsQuery = queryOptions({
  queryKey: ['admin', 'imports'],
  queryFn: () => answer(api.GET('/api/v2/admin/imports')),
  refetchInterval: (query) =>
    query.state.data?.items.some((one) => one.state === 'running') ? nowAndThen : false,
});

export const demoQuery = queryOptions({
  queryKey: ['admin', 'demo'],
  queryFn: () => answer(api.GET('/api/v2/admin/demo')),
});

const often = 2_000;

/** Counts move all the time while an index is built. */
export const searchStatusQuery = queryOptions({
  queryKey: ['admin', 'search', 'status'],
  queryFn: () => answer(api.GET('/api/v2/admin/search')),
  refetchInterval: (query) =>
    query.state.data?.indexes.some((one) => one.rebuilding || one.queued > 0) ? often : nowAndThen,
});

const ofIndex = (kind: SearchKind) => ({ params: { path: { kind } } });

export const indexFailuresQuery = (kind: SearchKind) =>
  queryOptions({
    queryKey: ['admin', 'search', 'failures', kind],
    queryFn: () => answer(api.GET('/api/v2/admin/search/{kind}/failures', ofIndex(kind))),
    refetchInterval: nowAndThen,
  });

type UserChange = Pick<Body<'UserRow'>, 'role' | 'status'>;

export const administration = {
  changeUser: (id: number, body: Partial<UserChange>) =>
    answer(api.PATCH('/api/v2/admin/users/{id}', { ...of(id), body })),
  invite: (body: Body<'CreateInvite'>) => answer(api.POST('/api/v2/admin/invites', { body })),
  withdraw: (id: number) => answer(api.DELETE('/api/v2/admin/invites/{id}', of(id))),
  retry: (id: number) => answer(api.POST('/api/v2/admin/jobs/{id}/retry', of(id))),
  cancel: (id: number) => answer(api.POST('/api/v2/admin/jobs/{id}/cancel', of(id))),
  change: (group: string, changes: Record<string, SettingValue>) =>
    answer(api.PATCH('/api/v2/admin/settings', { body: { group, changes } })),
  reindex: (kind: SearchKind) =>
    answer(api.POST('/api/v2/admin/search/{kind}/reindex', ofIndex(kind))),
  auditIndex: (kind: SearchKind) =>
    answer(api.POST('/api/v2/admin/search/{kind}/audit', ofIndex(kind))),
  retryIndexFailures: (kind: SearchKind) =>
    answer(api.POST('/api/v2/admin/search/{kind}/retry', ofIndex(kind))),
  startImport: (path: string, draft: boolean) =>
    answer(api.POST('/api/v2/admin/imports', { body: { path, draft } })),
  addDemo: () => answer(api.POST('/api/v2/admin/demo')),
  removeDemo: () => answer(api.DELETE('/api/v2/admin/demo')),
};
