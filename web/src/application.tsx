import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Problem } from './api/client';
import { makeRouter } from './router';
import { Toasts } from './ui/toast';
import { TooltipProvider } from './ui/tooltip';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      gcTime: 15 * 60_000,
      // Only what may pass is tried again; a refusal will be the same refusal.
      retry: (count, error) => error instanceof Problem && error.passing && count < 2,
    },
  },
});

const router = makeRouter(queries);

export function Application() {
  return (
    <QueryClientProvider client={queries}>
      <TooltipProvider delayDuration={350}>
        <RouterProvider router={router} />
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>
  );
}
