/** Where menus and hints are put: over what covers the page, else within its main part. */
export function portal(): HTMLElement | null {
  return document.getElementById('viewer') ?? document.getElementById('content');
}
