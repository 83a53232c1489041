import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { endlessSearchQuery, searchPageQuery } from '../../api/search';
import type { SearchHit, SearchKind, SearchReply } from '../../api/search';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { useMoreNear } from '../../ui/near';
import { Pager } from '../../ui/pager';
import { Bones } from '../models/results';
import grid from '../models/models.module.css';
import { Corrected, Failed, Hits, Nothing, StateNotice } from './hits';
import type { Change } from './hits';
import { filterOf } from './search';
import type { PageSearch } from './search';

interface ListProps {
  kind: SearchKind;
  search: PageSearch;
  onChange: Change;
  /** Puts the list beside what its first page says of all of it. */
  children: (first: SearchReply | undefined, list: ReactNode) => ReactNode;
}

/** All of one kind; the next part loads when the end comes near. */
export function EndlessList({ kind, search, onChange, children }: ListProps) {
  const found = useInfiniteQuery(endlessSearchQuery(kind, filterOf(search)));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const end = useMoreNear(found);

  if (found.isError && !found.data) {
    const retry = () => void found.refetch();
    return children(undefined, <Failed {...{ error: found.error, search, retry, onChange }} />);
  }
  if (!found.data) return children(undefined, <Bones />);
  const first = found.data.pages[0]!;
  const hits = found.data.pages.flatMap((page) => page.hits);
  const count = hits.filter((hit) => !hit.related).length;
  if (count === 0) {
    return children(first, <NothingBut {...{ kind, hits, search, onChange }} />);
  }
  return children(
    first,
    <>
      <Notes reply={first} />
      <Hits kind={kind} hits={hits} old={found.isPlaceholderData} />
      <div ref={end} className={grid.more} role="status">
        {found.isFetchNextPageError ? (
          <Button icon="retry" onClick={() => void fetchNextPage()}>
            {t('The next part did not load. Try again')}
          </Button>
        ) : hasNextPage ? (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('Show more')}
          </Button>
        ) : (
          t('{count, plural, one {That is the only result} other {That is all: # results}}', {
            count,
          })
        )}
      </div>
    </>,
  );
}

/** One page at a time, for those who want an end and a place to come back to. */
export function PagedList({ kind, search, onChange, children }: ListProps) {
  const router = useRouter();
  const found = useQuery(searchPageQuery(kind, filterOf(search), search.cursor));
  const page = Math.max(1, Number(search.page) || 1);
  if (found.isError && !found.data) {
    const retry = () => void found.refetch();
    return children(undefined, <Failed {...{ error: found.error, search, retry, onChange }} />);
  }
  if (!found.data) return children(undefined, <Bones />);
  const { hits, sections } = found.data;
  if (hits.every((hit) => hit.related)) {
    return children(found.data, <NothingBut {...{ kind, hits, search, onChange }} />);
  }
  const next = sections[0]?.nextCursor;
  return children(
    found.data,
    <>
      <Notes reply={found.data} />
      <Hits kind={kind} hits={hits} old={found.isPlaceholderData} />
      <Pager
        page={page}
        busy={found.isFetching}
        onPrevious={page > 1 ? () => router.history.back() : undefined}
        onNext={next ? () => onChange({ cursor: next, page: String(page + 1) }, false) : undefined}
      />
    </>,
  );
}

interface NothingButProps {
  kind: SearchKind;
  hits: SearchHit[];
  search: PageSearch;
  onChange: Change;
}

/** Nothing has the words; what is about the same may help. */
function NothingBut({ kind, hits, search, onChange }: NothingButProps) {
  return (
    <>
      <Nothing search={search} onChange={onChange} />
      <Hits kind={kind} hits={hits} />
    </>
  );
}

function Notes({ reply }: { reply: SearchReply }) {
  const [section] = reply.sections;
  if (!section) return null;
  return (
    <>
      <Corrected text={section.corrected} />
      <StateNotice section={section} />
    </>
  );
}
