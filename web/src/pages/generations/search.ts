import type { GenerationFilter } from '../../api/generation';
import { one } from '../../search';

/** What the address holds of the history. A value at its default is left out. */
export interface HistorySearch {
  status?: string;
  workflow?: string;
  favourite?: 'yes';
  tag?: string;
}

/** What waits or runs stands in the queue, whatever the address says. */
const open = ['queued', 'running'];

export function historySearch(search: Record<string, unknown>): HistorySearch {
  const status = one(search.status);
  return {
    status: status && open.includes(status) ? undefined : status,
    workflow: one(search.workflow),
    favourite: one(search.favourite) === 'yes' ? 'yes' : undefined,
    tag: one(search.tag),
  };
}

export const unfiltered: HistorySearch = {
  status: undefined,
  workflow: undefined,
  favourite: undefined,
  tag: undefined,
};

export const isFiltered = (search: HistorySearch) => Object.values(search).some(Boolean);

export function filterOf({ status, workflow, favourite, tag }: HistorySearch): GenerationFilter {
  const wanted = {
    status: status ? [status] : undefined,
    workflow,
    favourite: favourite ? true : undefined,
    tag,
  };
  // An address may hold anything; the server says which word it does not know.
  return wanted as GenerationFilter;
}
