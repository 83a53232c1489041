import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { viewerQuery } from '../../api/session';

/** After signing in: forget what was read as somebody else, then go where the person wanted. */
export function useArrival() {
  const queries = useQueryClient();
  const router = useRouter();
  return async (next: string | undefined) => {
    queries.clear();
    await queries.fetchQuery(viewerQuery);
    // Only an address of this site: "//elsewhere" and "https:" are not.
    const inside = next && /^\/(?![/\\])/.test(next) ? next : '/';
    router.history.push(inside);
  };
}
