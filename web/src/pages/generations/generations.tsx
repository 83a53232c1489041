import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { generating } from '../../frame/generator';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Bone, Empty, Failure } from '../../ui/state';
import { Details } from './details';
import { Chips, Filters } from './filters';
import { HistoryGrid } from './history-grid';
import { LinkState } from './link-state';
import { Queue } from './queue';
import { isFiltered, unfiltered } from './search';
import type { HistorySearch } from './search';
import { useActions } from './use-actions';
import { useWatch } from './use-watch';
import styles from './generations.module.css';

const keys = () => [
  { keys: ['←', '→', '↑', '↓'], text: t('move') },
  { keys: ['f'], text: t('favourite') },
  { keys: ['s'], text: t('choose') },
  { keys: ['i'], text: t('details') },
  { keys: ['x'], text: t('delete') },
];

function Keys() {
  return (
    <p className={styles.keys}>
      {keys().map((one) => (
        <span key={one.text}>
          {one.keys.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
          {one.text}
        </span>
      ))}
    </p>
  );
}

interface GenerationsProps {
  /** What the history is narrowed by, where the address holds it. */
  search?: HistorySearch;
  onChange?: (change: HistorySearch) => void;
  /** The first step, offered while there is nothing. */
  start?: ReactNode;
}

/**
 * What the viewer has asked for: what waits and runs, and the pictures that came of the rest, kept
 * up while it is shown. The window scrolls it, not a box around it.
 */
export function Generations({ search, onChange, start }: GenerationsProps) {
  const watch = useWatch();
  const actions = useActions(watch);
  const [own, setOwn] = useState<HistorySearch>({});
  const [details, setDetails] = useState<number>();
  const shown = search ?? own;
  const change = onChange ?? ((part) => setOwn((before) => ({ ...before, ...part })));

  useEffect(() => {
    if (details !== undefined) watch.want(details);
  }, [details, watch]);

  if (!watch.ready) {
    if (watch.error) return <Failure error={watch.error} retry={watch.retry} />;
    return <Bone height="40dvh" />;
  }
  const nothing = isFiltered(shown) ? (
    <Empty
      icon="search"
      title={t('No generation matches these filters')}
      actions={<Button onClick={() => change(unfiltered)}>{t('Clear all filters')}</Button>}
    >
      {t('Remove a filter.')}
    </Empty>
  ) : (
    <Empty icon="image" title={t('Your pictures will appear here')} actions={start}>
      {t('Each with its seed, settings and cost, ready to repeat, vary or post.')}
    </Empty>
  );
  return (
    <div className={styles.page}>
      <LinkState watch={watch} />
      <Queue watch={watch} actions={actions} onDetails={setDetails} />
      <section aria-labelledby="history-title" className={styles.history}>
        <div className={styles.head}>
          <h2 id="history-title">{t('History')}</h2>
          <Filters search={shown} onChange={change} tags={watch.tags()} />
        </div>
        <div className={styles.chips}>
          <Chips search={shown} onChange={change} />
        </div>
        <HistoryGrid
          watch={watch}
          actions={actions}
          search={shown}
          onDetails={setDetails}
          empty={nothing}
        />
        <Keys />
      </section>
      {details !== undefined && (
        <Details
          watch={watch}
          id={details}
          actions={actions}
          onClose={() => setDetails(undefined)}
        />
      )}
    </div>
  );
}

/** The same by itself. */
export function GenerationsPage() {
  usePageTitle(t('Generations'));
  const search = useSearch({ from: '/members/generations' });
  const navigate = useNavigate({ from: '/generations' });
  return (
    <>
      <h1 className={styles.title}>{t('Generations')}</h1>
      <Generations
        start={
          <ButtonLink {...generating({})} variant="solid" icon="wand">
            {t('Make the first one')}
          </ButtonLink>
        }
        search={search}
        onChange={(change) =>
          void navigate({
            search: (before) => ({ ...before, ...change }),
            replace: true,
            resetScroll: false,
          })
        }
      />
    </>
  );
}
