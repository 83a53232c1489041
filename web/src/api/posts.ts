import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import type { paths } from './schema';
import type { Body } from './shapes';

export type PostCard = Body<'PostCard'>;
export type PostFilter = NonNullable<paths['/api/v2/posts']['get']['parameters']['query']>;
type BodyOf<Operation> = Operation extends {
  requestBody?: { content: { 'application/json': infer Content } };
}
  ? Content
  : never;
export type PostForm = BodyOf<paths['/api/v2/posts/{id}']['patch']>;
type NewPost = BodyOf<paths['/api/v2/posts']['post']>;
type NewPostImage = BodyOf<paths['/api/v2/posts/{id}/images']['post']>;
type Publishing = BodyOf<paths['/api/v2/posts/{id}/publish']['post']>;

const byId = (id: number) => ({ params: { path: { id } } });

/** A post with its images; asked again until each of them has been read. */
export const postQuery = (id: number) =>
  queryOptions({
    queryKey: ['post', id],
    queryFn: () => answer(api.GET('/api/v2/posts/{id}', byId(id))),
    refetchInterval: (query) =>
      query.state.data?.images.some((image) => image.state === 'pending') ? 700 : false,
  });

export const endlessPostsQuery = (filter: PostFilter) =>
  infiniteQueryOptions({
    queryKey: ['posts', filter],
    queryFn: ({ pageParam }) => {
      const query = { limit: 40, ...filter, cursor: pageParam || undefined };
      return answer(api.GET('/api/v2/posts', { params: { query } }));
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

export const posts = {
  create: (body: NewPost) => answer(api.POST('/api/v2/posts', { body })),
  change: (id: number, body: PostForm) =>
    answer(api.PATCH('/api/v2/posts/{id}', { ...byId(id), body })),
  add: (id: number, body: NewPostImage) =>
    answer(api.POST('/api/v2/posts/{id}/images', { ...byId(id), body })),
  order: (id: number, images: number[]) =>
    answer(api.PUT('/api/v2/posts/{id}/order', { ...byId(id), body: { images } })),
  publish: (id: number, body: Publishing) =>
    answer(api.POST('/api/v2/posts/{id}/publish', { ...byId(id), body })),
  unpublish: (id: number) => answer(api.POST('/api/v2/posts/{id}/unpublish', byId(id))),
  remove: (id: number) => answer(api.DELETE('/api/v2/posts/{id}', byId(id))),
  restore: (id: number) => answer(api.POST('/api/v2/posts/{id}/restore', byId(id))),
};
