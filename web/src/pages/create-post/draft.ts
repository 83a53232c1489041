import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { forgetFeeds } from '../../api/images';
import { postQuery, posts } from '../../api/posts';
import type { PostCard } from '../../api/posts';
import { say } from '../../ui/toast';
import { send } from '../../uploads/send';
import type { Destination } from '../../uploads/send';

export const imagesMax = 20;

/** The post this page works on. It is a draft on the server from its first image on. */
export function usePostDraft() {
  const search = useSearch({ from: '/members/create-post' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const id = Number(search.post) || 0;
  const found = useQuery({ ...postQuery(id), enabled: id > 0 });
  const post: PostCard | undefined = id > 0 ? found.data : undefined;

  function keep(fresh: PostCard) {
    queries.setQueryData(postQuery(fresh.id).queryKey, fresh);
    forgetFeeds();
    return fresh;
  }

  const refresh = () => queries.invalidateQueries({ queryKey: ['post', id] });

  async function begin(): Promise<number> {
    if (post) return post.id;
    const version = Number(search.version) || undefined;
    const made = keep(await posts.create({ version }));
    await navigate({
      to: '/create-post',
      search: { post: String(made.id) },
      replace: true,
      resetScroll: false,
    });
    return made.id;
  }

  const destination = (postId: number): Destination => ({
    place: { kind: 'post', postId },
    attach: async (upload) => keep(await posts.add(postId, { upload })),
  });

  let starting: Promise<number> | null = null;
  async function add(files: File[]) {
    if (!files.length) return;
    try {
      starting ??= begin();
      const postId = await starting;
      for (const file of files) send(file, destination(postId));
    } catch (error) {
      say((error as Error).message, { bad: true });
    } finally {
      starting = null;
    }
  }

  return { post, found, search, keep, refresh, add, destination };
}
