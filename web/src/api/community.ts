import {
  infiniteQueryOptions,
  queryOptions,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { say } from '../ui/toast';
import { answer, api } from './client';
import { useViewer } from './session';
import type { Body } from './shapes';

export type SubjectKind = Body<'SubjectKind'>;
export type Reaction = Body<'Reaction'>;
export type Comment = Body<'CommentCard'>;

/** What people react to, discuss, collect and report. */
export interface Subject {
  kind: SubjectKind;
  id: number;
}

export type Marks = Body<'OwnMarks'>;

interface Asked {
  id: number;
  done: (marks: Marks | null) => void;
  fail: (error: unknown) => void;
}

const asked = new Map<SubjectKind, Asked[]>();
const together = 20;

/** What many parts of a page ask for at one time goes out as one request per kind. */
function marksOf({ kind, id }: Subject): Promise<Marks | null> {
  return new Promise((done, fail) => {
    const waiting = asked.get(kind);
    if (waiting) waiting.push({ id, done, fail });
    else {
      asked.set(kind, [{ id, done, fail }]);
      setTimeout(() => void ask(kind), together);
    }
  });
}

async function ask(kind: SubjectKind) {
  const all = asked.get(kind) ?? [];
  asked.delete(kind);
  for (let from = 0; from < all.length; from += 200) {
    const some = all.slice(from, from + 200);
    const query = { kind, ids: [...new Set(some.map((one) => one.id))] };
    try {
      const { items } = await answer(api.GET('/api/v2/me/overlay', { params: { query } }));
      const found = new Map(items.map((one) => [one.id, one]));
      for (const one of some) one.done(found.get(one.id) ?? null);
    } catch (error) {
      for (const one of some) one.fail(error);
    }
  }
}

export const marksQuery = (subject: Subject) =>
  queryOptions({
    queryKey: ['marks', subject.kind, subject.id],
    queryFn: () => marksOf(subject),
    staleTime: 5 * 60_000,
  });

/** The viewer's own marks on one thing; null for none and for strangers. */
export function useMarks(subject: Subject) {
  const signedIn = Boolean(useViewer()?.user);
  return useQuery({ ...marksQuery(subject), enabled: signedIn }).data ?? null;
}

/**
 * Gives and takes back reactions. `onCount` is told by how much which count changes: at once, and
 * back if the server refuses.
 */
export function useReact(subject: Subject, onCount: (reaction: Reaction, by: 1 | -1) => void) {
  const queries = useQueryClient();
  const marks = useMarks(subject);
  const own = new Set<Reaction>(marks?.reactions ?? []);
  const key = marksQuery(subject).queryKey;

  async function toggle(reaction: Reaction) {
    const on = own.has(reaction);
    const path = { kind: subject.kind, id: subject.id, reaction };
    const set = (reactions: Reaction[]) =>
      queries.setQueryData(key, (before) => ({
        bookmarked: false,
        followed: false,
        ...before,
        id: subject.id,
        reactions,
      }));
    const before = [...own];
    set(on ? before.filter((one) => one !== reaction) : [...before, reaction]);
    onCount(reaction, on ? -1 : 1);
    try {
      const at = '/api/v2/reactions/{kind}/{id}/{reaction}' as const;
      const sent = on ? api.DELETE(at, { params: { path } }) : api.PUT(at, { params: { path } });
      set((await answer(sent)).reactions);
    } catch (error) {
      set(before);
      onCount(reaction, on ? 1 : -1);
      say((error as Error).message, { bad: true });
    }
  }

  return { own, toggle };
}

export type CommentSort = Body<'CommentSort'>;

export const commentsKey = (subject: Subject) => ['comments', subject.kind, subject.id];

export const commentsQuery = (subject: Subject, sort: CommentSort) =>
  infiniteQueryOptions({
    queryKey: [...commentsKey(subject), sort],
    queryFn: ({ pageParam }) => {
      const query = { ...subject, sort, cursor: pageParam || undefined, limit: 20 };
      return answer(api.GET('/api/v2/comments', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const repliesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['replies', id],
    queryFn: ({ pageParam }) => {
      const query = { cursor: pageParam || undefined, limit: 50 };
      return answer(api.GET('/api/v2/comments/{id}/replies', { params: { path: { id }, query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

const byId = (id: number) => ({ params: { path: { id } } });

export const comments = {
  create: (subject: Subject, text: string, parent?: number) =>
    answer(api.POST('/api/v2/comments', { body: { ...subject, text, parent } })),
  edit: (id: number, text: string) =>
    answer(api.PATCH('/api/v2/comments/{id}', { ...byId(id), body: { text } })),
  remove: (id: number) => answer(api.DELETE('/api/v2/comments/{id}', byId(id))),
  pin: (id: number, on: boolean) =>
    answer(
      on
        ? api.PUT('/api/v2/comments/{id}/pin', byId(id))
        : api.DELETE('/api/v2/comments/{id}/pin', byId(id)),
    ),
  hide: (id: number, on: boolean) =>
    answer(
      on
        ? api.PUT('/api/v2/comments/{id}/hide', byId(id))
        : api.DELETE('/api/v2/comments/{id}/hide', byId(id)),
    ),
  lock: (subject: Subject, on: boolean) => {
    const at = '/api/v2/threads/{kind}/{id}/lock' as const;
    const path = { ...subject };
    return answer(on ? api.PUT(at, { params: { path } }) : api.DELETE(at, { params: { path } }));
  },
};

export type Review = Body<'ReviewCard'>;

export const reviewsQuery = (model: number) =>
  infiniteQueryOptions({
    queryKey: ['reviews', model],
    queryFn: ({ pageParam }) => {
      const query = { model, cursor: pageParam || undefined, limit: 20 };
      return answer(api.GET('/api/v2/reviews', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const reviews = {
  write: (version: number, body: { recommended: boolean; rating?: number; details?: string }) =>
    answer(api.PUT('/api/v2/versions/{id}/review', { ...byId(version), body })),
  remove: (id: number) => answer(api.DELETE('/api/v2/reviews/{id}', byId(id))),
};

export const follows = {
  set: (id: number, on: boolean) =>
    answer(
      on
        ? api.PUT('/api/v2/users/{id}/follow', byId(id))
        : api.DELETE('/api/v2/users/{id}/follow', byId(id)),
    ),
};

export const followsQuery = (side: 'followers' | 'following', id: number, cursor: string) =>
  queryOptions({
    queryKey: ['follows', side, id, cursor],
    queryFn: () => {
      const options = { params: { path: { id }, query: { cursor: cursor || undefined } } };
      return answer(
        side === 'followers'
          ? api.GET('/api/v2/users/{id}/followers', options)
          : api.GET('/api/v2/users/{id}/following', options),
      );
    },
  });

export const metricsQuery = (subject: Subject, days: number) =>
  queryOptions({
    queryKey: ['metrics', subject, days],
    queryFn: () => {
      const params = { path: { ...subject }, query: { days } };
      return answer(api.GET('/api/v2/metrics/{kind}/{id}', { params }));
    },
    staleTime: 5 * 60_000,
  });

export const leaderboardsQuery = queryOptions({
  queryKey: ['leaderboards'],
  queryFn: () => answer(api.GET('/api/v2/leaderboards')),
});

export const leaderboardQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['leaderboard', id],
    queryFn: ({ pageParam }) => {
      const params = { path: { id }, query: { cursor: pageParam || undefined, limit: 100 } };
      return answer(api.GET('/api/v2/leaderboards/{id}', { params }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
