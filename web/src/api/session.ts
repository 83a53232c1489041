import { queryOptions, useQuery } from '@tanstack/react-query';
import { http } from './client';
import type { Key, Me, Page, Person, Self, Session } from './shapes';

/** A session's token is exchanged now and then; the server says when. */
async function readMe(): Promise<Me> {
  const me = await http.get<Me>('/me');
  if (me.rotate) await http.post('/sessions/current/rotation').catch(() => undefined);
  return me;
}

export const viewerQuery = queryOptions({
  queryKey: ['viewer'],
  queryFn: () => readMe(),
  staleTime: 60_000,
});

/** Who looks at the page, and what this server allows; undefined until known. */
export function useViewer(): Me | undefined {
  return useQuery(viewerQuery).data;
}

export const session = {
  signIn: (login: string, password: string) => http.post('/sessions', { login, password }),
  signOut: () => http.delete('/sessions/current'),
  list: () => http.get<Page<Session>>('/sessions'),
  revoke: (id: number) => http.delete(`/sessions/${id}`),
  revokeOthers: () => http.delete('/sessions/others'),
};

export const accounts = {
  signUp: (form: { email: string; username: string; password: string; invite?: string }) =>
    http.post('/accounts', form),
  setUp: (form: { token: string; email: string; username: string; password: string }) =>
    http.post('/setup', form),
  forgot: (email: string) => http.post('/password-resets', { email }),
  reset: (token: string, password: string) =>
    http.post('/password-resets/confirm', { token, password }),
  change: (form: { bio?: string; browsing?: number }) => http.patch<Self>('/me', form),
  changeEmail: (current: string, email: string) => http.post('/me/email', { current, email }),
  changePassword: (current: string, password: string) =>
    http.post('/me/password', { current, password }),
};

export const keys = {
  list: () => http.get<Page<Key>>('/keys'),
  create: (form: { name: string; scopes: string[]; expiresAt?: string }) =>
    http.post<Key>('/keys', form),
  revoke: (id: number) => http.delete(`/keys/${id}`),
};

export const profileQuery = (username: string) =>
  queryOptions({
    queryKey: ['profile', username],
    queryFn: () => http.get<Person>(`/users/${encodeURIComponent(username)}`),
  });
