import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queries } from './queries';
import { makeRouter } from './router';
import { Toasts } from './ui/toast';
import { TooltipProvider } from './ui/tooltip';

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
