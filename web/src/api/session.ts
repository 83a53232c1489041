import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from './client';
import type { Body, Me } from './shapes';

/** A session's token is exchanged now and then; the server says when. */
async function readMe(): Promise<Me> {
  const me = await answer(api.GET('/api/v2/me'));
  if (me.rotate) void api.POST('/api/v2/sessions/current/rotation').catch(() => undefined);
  return me;
}

export const viewerQuery = queryOptions({
  queryKey: ['viewer'],
  queryFn: readMe,
  staleTime: 60_000,
});

/** Who looks at the page, and what this server allows; undefined until known. */
export function useViewer(): Me | undefined {
  return useQuery(viewerQuery).data;
}

export const session = {
  signIn: (body: Body<'SignIn'>) => answer(api.POST('/api/v2/sessions', { body })),
  signOut: () => answer(api.DELETE('/api/v2/sessions/current')),
  list: () => answer(api.GET('/api/v2/sessions')),
  revoke: (id: number) => answer(api.DELETE('/api/v2/sessions/{id}', { params: { path: { id } } })),
  revokeOthers: () => answer(api.DELETE('/api/v2/sessions/others')),
};

export const accounts = {
  signUp: (body: Body<'Register'>) => answer(api.POST('/api/v2/accounts', { body })),
  setUp: (body: Body<'Setup'>) => answer(api.POST('/api/v2/setup', { body })),
  forgot: (body: Body<'AskReset'>) => answer(api.POST('/api/v2/password-resets', { body })),
  reset: (body: Body<'ConfirmReset'>) =>
    answer(api.POST('/api/v2/password-resets/confirm', { body })),
  change: (body: Body<'UpdateMe'>) => answer(api.PATCH('/api/v2/me', { body })),
  changeEmail: (body: Body<'ChangeEmail'>) => answer(api.POST('/api/v2/me/email', { body })),
  changePassword: (body: Body<'ChangePassword'>) =>
    answer(api.POST('/api/v2/me/password', { body })),
};

export const keys = {
  list: () => answer(api.GET('/api/v2/keys')),
  create: (body: Body<'CreateKey'>) => answer(api.POST('/api/v2/keys', { body })),
  revoke: (id: number) => answer(api.DELETE('/api/v2/keys/{id}', { params: { path: { id } } })),
};

export const profileQuery = (username: string) =>
  queryOptions({
    queryKey: ['profile', username],
    queryFn: () => answer(api.GET('/api/v2/users/{username}', { params: { path: { username } } })),
  });
