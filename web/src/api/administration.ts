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

export type SettingValue = string | number | boolean;

export interface SettingsGroup {
  name: string;
  title: string;
  values: Record<string, SettingValue>;
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

/** A job that works for the viewer, followed while it runs. */
export const jobQuery = (id: number) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: () => http.get<Job>(`/jobs/${id}`),
    refetchInterval: 1000,
  });

export const settingsQuery = queryOptions({
  queryKey: ['admin', 'settings'],
  queryFn: () => http.get<{ groups: SettingsGroup[] }>('/admin/settings'),
});

export const importsQuery = queryOptions({
  queryKey: ['admin', 'imports'],
  queryFn: () => http.get<Page<Import>>('/admin/imports'),
  refetchInterval: (query) =>
    query.state.data?.items.some((one) => one.state === 'running') ? 1000 : false,
});

export const administration = {
  changeUser: (id: number, form: { role?: Role; status?: Standing }) =>
    http.patch<UserRow>(`/admin/users/${id}`, form),
  invite: (form: { note?: string; uses?: number; days?: number }) =>
    http.post<Invite>('/admin/invites', form),
  withdraw: (id: number) => http.delete(`/admin/invites/${id}`),
  retry: (id: number) => http.post(`/admin/jobs/${id}/retry`),
  cancel: (id: number) => http.post(`/admin/jobs/${id}/cancel`),
  change: (group: string, changes: Record<string, SettingValue>) =>
    http.patch<SettingsGroup>('/admin/settings', { group, changes }),
  startImport: (path: string, draft: boolean) =>
    http.post<Import>('/admin/imports', { path, draft }),
  addDemo: () => http.post('/admin/demo'),
  removeDemo: () => http.delete('/admin/demo'),
};
