import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { RefObject } from 'react';

/**
 * In a row of links that is broader than the window, the one that leads here is in sight. It is
 * looked at again when `links` changes, on which depends which links there are.
 */
export function useCurrentInSight(row: RefObject<HTMLElement | null>, links?: unknown) {
  const here = useRouterState({ select: (state) => state.resolvedLocation?.href });
  useEffect(() => {
    function show() {
      const element = row.current;
      const current = element?.querySelector<HTMLElement>('[aria-current=page]');
      if (!element || !current || element.scrollWidth <= element.clientWidth) return;
      element.scrollLeft = current.offsetLeft - (element.clientWidth - current.offsetWidth) / 2;
    }
    show();
    void document.fonts.ready.then(show);
  }, [row, here, links]);
}
