import { QueryClient } from '@tanstack/react-query';
import { Problem } from './api/client';

/** What was asked of the server, for all pages. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      gcTime: 15 * 60_000,
      // Only what may pass is tried again; a refusal will be the same refusal.
      retry: (count, error) => error instanceof Problem && error.passing && count < 2,
    },
  },
});
