import { Link } from '@tanstack/react-router';
import type { SearchHit, SearchKind, SearchReply, SearchSection } from '../../api/search';
import { faultsOf, hitsOf, isUnavailable } from '../../api/search';
import { searchKindWords } from '../../text/search';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { QueryFault } from '../../ui/search/fault';
import { HitCard, HitRow } from '../../ui/search/hit-card';
import { HitTile } from '../../ui/search/hit-tile';
import { Empty, Failure, Notice } from '../../ui/state';
import grid from '../models/models.module.css';
import { isFiltered, ofKind, unfiltered } from './search';
import type { PageSearch } from './search';
import styles from './search.module.css';

export type Change = (change: PageSearch, replace?: boolean) => void;

interface HitsProps {
  kind: SearchKind;
  label?: string;
  hits: SearchHit[];
  /** They answer the search before this one. */
  old?: boolean;
}

/** Kinds that are read rather than looked at. */
const read = new Set<SearchKind>(['users', 'collections', 'tags']);

/** Hits of one kind, in the shape that suits the kind. */
function Feed({ kind, label = searchKindWords(kind), hits, old = false }: HitsProps) {
  const One = kind === 'images' ? HitTile : read.has(kind) ? HitRow : HitCard;
  const look = kind === 'images' ? styles.tiles : read.has(kind) ? styles.rows : grid.grid;
  return (
    <div
      className={`${look} ${old ? styles.old : ''}`}
      role="feed"
      aria-label={label}
      aria-busy={old}
    >
      {hits.map((hit, index) => (
        <div key={hit.id} role="article" aria-posinset={index + 1} aria-setsize={-1}>
          <One hit={hit} />
        </div>
      ))}
    </div>
  );
}

/** What has the words; apart from it, for no count has them in it, what is about the same. */
export function Hits({ kind, hits, old }: HitsProps) {
  const exact = hits.filter((hit) => !hit.related);
  const related = hits.filter((hit) => hit.related);
  return (
    <>
      {exact.length > 0 && <Feed kind={kind} hits={exact} old={old} />}
      {related.length > 0 && (
        <div className={styles.related}>
          <p>{t('Related, without all of the words')}</p>
          <Feed kind={kind} label={t('Related')} hits={related} old={old} />
        </div>
      )}
    </>
  );
}

export function Corrected({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p className={styles.corrected} role="status">
      {t('Showing results for')} <strong>{text}</strong>
    </p>
  );
}

/** How a list is to be read that does not come from the index. */
export function StateNotice({ section }: { section: SearchSection }) {
  if (section.state === 'plain') {
    return (
      <Notice tone="warning" title={t('This is a simple list')}>
        {t(
          'The index is being built again. Until it is ready you see the newest with these words in their names, without filters and counts.',
        )}
      </Notice>
    );
  }
  if (section.state !== 'unavailable') return null;
  return (
    <Notice tone="danger">
      {t('These cannot be searched at the moment. Nothing was lost; try again later.')}
    </Notice>
  );
}

interface FailedProps {
  error: unknown;
  search: PageSearch;
  retry: () => void;
  onChange: Change;
}

/** A search that was not made: its query is wrong, or there is nobody to ask. Never "nothing". */
export function Failed({ error, search, retry, onChange }: FailedProps) {
  const faults = faultsOf(error);
  const filtered = isFiltered(search);
  if (faults) {
    return (
      <section className={styles.faulty} aria-label={t('What is wrong')}>
        <h2>{t('This search cannot be read')}</h2>
        <QueryFault q={search.q ?? ''} faults={faults} />
      </section>
    );
  }
  if (!isUnavailable(error)) return <Failure error={error} retry={retry} />;
  return (
    <Empty
      bad
      icon="warning"
      title={t('Search is unavailable')}
      actions={
        <>
          <Button icon="retry" variant="solid" onClick={retry}>
            {t('Try again')}
          </Button>
          {filtered && (
            <Button onClick={() => onChange(unfiltered)}>{t('Clear all filters')}</Button>
          )}
          <ButtonLink to="/models" search={{}}>
            {t('Browse models')}
          </ButtonLink>
          <ButtonLink to="/images" search={{}}>
            {t('Browse images')}
          </ButtonLink>
        </>
      }
    >
      {filtered
        ? t('Nothing was lost. Filters need the index, which does not answer at the moment.')
        : t('Nothing was lost: everything is where it was, only the search does not answer.')}
    </Empty>
  );
}

export function Nothing({ search, onChange }: { search: PageSearch; onChange: Change }) {
  const filtered = isFiltered(search);
  return (
    <Empty
      icon="search"
      title={search.q ? t('Nothing matches all of these words') : t('Nothing here yet')}
      actions={
        filtered && (
          <Button onClick={() => onChange(unfiltered)}>{t('Clear all filters')}</Button>
        )
      }
    >
      {filtered
        ? t('Remove a filter, or search for fewer words.')
        : t('Try fewer words, or another kind.')}
    </Empty>
  );
}

interface OverviewProps {
  reply: SearchReply;
  search: PageSearch;
  onChange: Change;
}

/** A little of every kind, each with the way to all of it. */
export function Overview({ reply, search, onChange }: OverviewProps) {
  const found = reply.sections.filter((one) => one.state === 'unavailable' || one.total > 0);
  const related = reply.sections.filter((one) => hitsOf(reply, one.kind).length > 0);
  const shown = found.length > 0 ? found : related;
  return (
    <div className={styles.sections}>
      {found.length === 0 && <Nothing search={search} onChange={onChange} />}
      <Corrected text={reply.sections.find((section) => section.corrected)?.corrected} />
      {shown.map((section) => (
        <section key={section.kind} aria-label={searchKindWords(section.kind)}>
          <div className={styles.sectionHead}>
            <h2>{searchKindWords(section.kind)}</h2>
            {section.nextCursor && (
              <Link to="/search" search={ofKind(search, section.kind)}>
                {t('All {count, number}', { count: section.total })}
                <span className="unseen">{searchKindWords(section.kind)}</span>
              </Link>
            )}
          </div>
          <StateNotice section={section} />
          <Hits kind={section.kind} hits={hitsOf(reply, section.kind)} />
        </section>
      ))}
    </div>
  );
}
