import { queryOptions } from '@tanstack/react-query';
import { http } from './client';
import type {
  Import,
  Invite,
  Job,
  JobState,
  JobSummary,
  Page,
  Role,
  Standing,
  UserRow,
} from './shapes';

export interface Settings {
  siteName: string;
  registration: 'open' | 'invite' | 'closed';
  storageLimit?: number | null;
  [name: string]: unknown;
}

export const membersQuery = (query: string, cursor: string) =>
  queryOptions({
    queryKey: ['admin', 'users', query, cursor],
    queryFn: () => http.get<Page<UserRow>>('/admin/users', { query, cursor, limit: 50 }),
  });

export const invitesQuery = queryOptions({
  queryKey: ['admin', 'invites'],
  queryFn: () => http.get<Page<Invite>>('/admin/invites'),
});

export const jobsQuery = (state: JobState | '', kind: string, cursor: string) =>
  queryOptions({
    queryKey: ['admin', 'jobs', state, kind, cursor],
    queryFn: () => http.get<Page<Job>>('/admin/jobs', { state, kind, cursor, limit: 50 }),
    refetchInterval: 3000,
  });

export const jobSummaryQuery = queryOptions({
  queryKey: ['admin', 'jobs', 'summary'],
  queryFn: () => http.get<JobSummary>('/admin/jobs/summary'),
  refetchInterval: 3000,
});

export const settingsQuery = queryOptions({
  queryKey: ['admin', 'settings'],
  queryFn: () => http.get<Settings>('/admin/settings'),
});

export const importsQuery = queryOptions({
  queryKey: ['admin', 'imports'],
  queryFn: () => http.get<Page<Import>>('/admin/imports'),
  refetchInterval: (query) =>
    query.state.data?.items.some((one) => !one.finishedAt) ? 1000 : false,
});

export const administration = {
  changeUser: (id: number, form: { role?: Role; status?: Standing }) =>
    http.patch<UserRow>(`/admin/users/${id}`, form),
  invite: (form: { note?: string; uses?: number; days?: number }) =>
    http.post<Invite>('/admin/invites', form),
  withdraw: (id: number) => http.delete(`/admin/invites/${id}`),
  retry: (id: number) => http.post(`/admin/jobs/${id}/retry`),
  cancel: (id: number) => http.post(`/admin/jobs/${id}/cancel`),
  change: (form: Partial<Settings>) => http.patch<Settings>('/admin/settings', form),
  startImport: (path: string, draft: boolean) =>
    http.post<Import>('/admin/imports', { path, draft }),
  addDemo: () => http.post('/admin/demo'),
  removeDemo: () => http.delete('/admin/demo'),
};
