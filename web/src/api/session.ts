import { queryOptions, useQuery } from '@tanstack/react-query';
import { http } from './client';
import type { Account, Key, Page, Profile, Session, Viewer } from './shapes';

export const viewerQuery = queryOptions({
  queryKey: ['viewer'],
  queryFn: () => http.get<Viewer>('/me'),
  staleTime: 60_000,
});

/** Who looks at the page, and what this server allows; undefined until known. */
export function useViewer(): Viewer | undefined {
  return useQuery(viewerQuery).data;
}

export function mayModerate(user: Account | null | undefined): boolean {
  return user?.role === 'moderator' || user?.role === 'administrator';
}

export const session = {
  signIn: (login: string, password: string) => http.post('/sessions', { login, password }),
  signOut: () => http.delete('/sessions/current'),
  list: () => http.get<Page<Session>>('/sessions'),
  revoke: (id: string) => http.delete(`/sessions/${id}`),
};

export const accounts = {
  signUp: (form: { email: string; username: string; password: string; invite?: string }) =>
    http.post('/accounts', form),
  setUp: (form: {
    token: string;
    email: string;
    username: string;
    password: string;
    demo: boolean;
  }) => http.post('/setup', form),
  forgot: (email: string) => http.post('/password-resets', { email }),
  reset: (token: string, password: string) =>
    http.post('/password-resets/confirm', { token, password }),
  change: (form: { displayName?: string; bio?: string; email?: string }) =>
    http.patch<Account>('/me', form),
  changePassword: (current: string, password: string) =>
    http.post('/me/password', { current, password }),
};

export const keys = {
  list: () => http.get<Page<Key>>('/keys'),
  create: (form: { name: string; scopes: string[]; expiresAt?: string }) =>
    http.post<{ id: number; key: string }>('/keys', form),
  revoke: (id: number) => http.delete(`/keys/${id}`),
};

export const profileQuery = (username: string) =>
  queryOptions({
    queryKey: ['profile', username],
    queryFn: () => http.get<Profile>(`/users/${encodeURIComponent(username)}`),
  });
