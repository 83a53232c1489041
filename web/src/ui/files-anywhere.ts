import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/**
 * Pictures from the clipboard, and files dropped anywhere but on a field for files: in the whole
 * window, or only `within` a part of it.
 */
export function useFilesAnywhere(
  onFiles: (files: File[]) => void,
  within?: RefObject<HTMLElement | null>,
) {
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  });
  useEffect(() => {
    const place: Pick<Window, 'addEventListener' | 'removeEventListener'> =
      within?.current ?? window;
    function paste(event: ClipboardEvent) {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length || event.defaultPrevented) return;
      event.preventDefault();
      take.current(files);
    }
    function over(event: DragEvent) {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    }
    function drop(event: DragEvent) {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!files.length || event.defaultPrevented) return;
      if (event.target instanceof HTMLInputElement && event.target.type === 'file') return;
      event.preventDefault();
      take.current(files);
    }
    place.addEventListener('paste', paste);
    place.addEventListener('dragover', over);
    place.addEventListener('drop', drop);
    return () => {
      place.removeEventListener('paste', paste);
      place.removeEventListener('dragover', over);
      place.removeEventListener('drop', drop);
    };
  }, [within]);
}
