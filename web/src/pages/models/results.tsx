import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { endlessModelsQuery, modelsQuery } from '../../api/models';
import type { ModelCard } from '../../api/shapes';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { MediaCard, MediaRow } from '../../ui/media-card';
import { useMoreNear } from '../../ui/near';
import { Pager } from '../../ui/pager';
import { Bone, Empty, Failure } from '../../ui/state';
import { filterOf, fromStart, unfiltered } from './search';
import type { GridSearch } from './search';
import styles from './models.module.css';

interface ResultsProps {
  search: GridSearch;
  onChange: (change: GridSearch, replace?: boolean) => void;
}

function Sheet({ search, models }: { search: GridSearch; models: ModelCard[] }) {
  const list = search.view === 'list';
  return (
    <div
      className={list ? styles.list : styles.grid}
      data-density={search.density}
      role="feed"
      aria-label={t('Models')}
    >
      {models.map((model, index) => (
        <div key={model.id} aria-posinset={index + 1} aria-setsize={-1} role="article">
          {list ? <MediaRow model={model} /> : <MediaCard model={model} />}
        </div>
      ))}
    </div>
  );
}

export function Bones({ count = 12 }: { count?: number }) {
  return (
    <div className={styles.grid} aria-busy="true" aria-label={t('Loading')} role="status">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={styles.bone}>
          <div style={{ aspectRatio: '4 / 5' }}>
            <Bone height="100%" />
          </div>
          <Bone height="1.1rem" width="80%" />
          <Bone height="0.9rem" width="45%" />
        </div>
      ))}
    </div>
  );
}

function Nothing({ search, onChange }: ResultsProps) {
  const filtered = Object.entries(unfiltered).some(([name]) => search[name as keyof GridSearch]);
  if (filtered) {
    return (
      <Empty
        icon="search"
        title={t('No model matches these filters')}
        actions={<Button onClick={() => onChange(unfiltered)}>{t('Clear all filters')}</Button>}
      >
        {t('Remove a filter, or search for fewer words.')}
      </Empty>
    );
  }
  return (
    <Empty
      icon="layers"
      title={t('The first model goes here')}
      actions={
        <ButtonLink to="/upload" search={{}} variant="solid" icon="upload">
          {t('Publish a model')}
        </ButtonLink>
      }
    >
      {t(
        'Checkpoints, LoRAs, embeddings, VAEs: whatever you upload is hashed, inspected and ready to download.',
      )}
    </Empty>
  );
}

/** Everything below each other; the next part loads when the end comes near. */
export function Endless({ search, onChange }: ResultsProps) {
  const found = useInfiniteQuery(endlessModelsQuery(filterOf(search)));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const end = useMoreNear(found);

  if (found.isPending) return <Bones />;
  if (found.isError && !found.data) {
    return <Failure error={found.error} retry={() => void found.refetch()} />;
  }
  const models = found.data.pages.flatMap((page) => page.items);
  if (models.length === 0) return <Nothing search={search} onChange={onChange} />;
  return (
    <>
      <Sheet search={search} models={models} />
      <div ref={end} className={styles.more} role="status">
        {found.isFetchNextPageError ? (
          <Button icon="retry" onClick={() => void fetchNextPage()}>
            {t('The next part did not load. Try again')}
          </Button>
        ) : hasNextPage ? (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('Show more')}
          </Button>
        ) : (
          t('{count, plural, one {That is the only model} other {That is all: # models}}', {
            count: models.length,
          })
        )}
      </div>
    </>
  );
}

/** One page at a time, for those who want an end and a place to come back to. */
export function Pages({ search, onChange }: ResultsProps) {
  const router = useRouter();
  const turned = useRouterState({ select: (state) => state.location.state.turned });
  const found = useQuery(modelsQuery({ ...filterOf(search), cursor: search.cursor }));
  const page = Math.max(1, Number(search.page) || 1);
  if (found.isPending) return <Bones />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { items, nextCursor } = found.data;
  if (items.length === 0) return <Nothing search={search} onChange={onChange} />;
  // The list is read forwards only: the page before is where one came from, or else the first.
  const back = () => (turned ? router.history.back() : onChange(fromStart, false));
  return (
    <>
      <Sheet search={search} models={items} />
      <Pager
        page={page}
        busy={found.isFetching}
        onPrevious={page > 1 ? back : undefined}
        onNext={
          nextCursor
            ? () => onChange({ cursor: nextCursor, page: String(page + 1) }, false)
            : undefined
        }
      />
    </>
  );
}
