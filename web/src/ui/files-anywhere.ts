import { useEffect, useRef } from 'react';

/** Pictures from the clipboard, and files dropped anywhere but on a field for files. */
export function useFilesAnywhere(onFiles: (files: File[]) => void) {
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  });
  useEffect(() => {
    function paste(event: ClipboardEvent) {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
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
    window.addEventListener('paste', paste);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
