import { parseSearch } from '../../search';
import type { Search } from '../../search';

/** Where a hit leads, as the router takes it. Its address is a path, perhaps with a query. */
export function linkTo(address: string): { to: string; search: Search } {
  const { pathname, search } = new URL(address, location.origin);
  return { to: pathname, search: parseSearch(search) };
}
