import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { overviewQuery } from '../../api/search';
import type { SearchKind, SearchReply, SearchSort } from '../../api/search';
import { usePageTitle } from '../../frame/title';
import { number } from '../../text/format';
import { searchKindWords, searchSortWords } from '../../text/search';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Drawer } from '../../ui/dialog';
import { Select } from '../../ui/field';
import { Menu, MenuChoice } from '../../ui/menu';
import { remember } from '../../ui/search/kept';
import { TabLink, TabLinks } from '../../ui/tabs';
import { Bones } from '../models/results';
import grid from '../models/models.module.css';
import { SearchChips, SearchFilters } from './filters';
import { HelpDialog, QueryHelp } from './help';
import { Failed, Overview } from './hits';
import type { Change } from './hits';
import { EndlessList, PagedList } from './lists';
import { KeptLists, SavedMenu } from './saved';
import { fromStart, ofKind, sharedOf, sortsOf } from './search';
import type { PageSearch } from './search';
import styles from './search.module.css';

interface PartProps {
  search: PageSearch;
  onChange: Change;
}

function KindTabs({ search, reply }: { search: PageSearch; reply: SearchReply | undefined }) {
  const tab = (kind: SearchKind | undefined) => ({
    to: '/search' as const,
    search: ofKind(search, kind),
    // The one whose kind is looked at, whatever else it is narrowed by.
    activeOptions: { includeSearch: true, explicitUndefined: true },
  });
  return (
    <TabLinks label={t('Kinds')}>
      <TabLink {...tab(undefined)}>{t('Everything')}</TabLink>
      {reply?.sections.map((section) => (
        <TabLink key={section.kind} {...tab(section.kind)}>
          {searchKindWords(section.kind)}
          {section.state === 'ready' && (
            <span className={styles.total}>{number(section.total)}</span>
          )}
        </TabLink>
      ))}
    </TabLinks>
  );
}

interface ToolsProps extends PartProps {
  kind: SearchKind;
  onFilters: () => void;
}

function ListTools({ kind, search, onChange, onFilters }: ToolsProps) {
  const sorts = sortsOf(kind, search.q !== undefined);
  const usual = sorts[0]!;
  return (
    <>
      <div className={grid.opener}>
        <Button icon="filter" onClick={onFilters}>
          <span className={styles.label}>{t('Filters')}</span>
        </Button>
      </div>
      <Select
        aria-label={t('Sort by')}
        value={search.sort ?? usual}
        onChange={(event) => {
          const sort = event.target.value as SearchSort;
          onChange({ sort: sort === usual ? undefined : sort, ...fromStart });
        }}
        options={sorts.map((value) => ({ value, label: searchSortWords(value) }))}
      />
      <Menu
        trigger={
          <Button icon="rows">
            <span className={styles.label}>{t('View')}</span>
          </Button>
        }
      >
        <MenuChoice
          value={search.paging ?? 'endless'}
          onChange={(value) =>
            onChange({ paging: value === 'pages' ? 'pages' : undefined, ...fromStart })
          }
          options={[
            { value: 'endless', label: t('One long list') },
            { value: 'pages', label: t('Page by page') },
          ]}
        />
      </Menu>
    </>
  );
}

interface OneKindProps extends PartProps {
  kind: SearchKind;
  /** Whether the sheet of filters is open. */
  open: boolean;
  onClose: () => void;
}

/** All of one kind with its facets beside it; on phones they are a sheet. */
function OneKind({ kind, search, onChange, open, onClose }: OneKindProps) {
  const List = search.paging === 'pages' ? PagedList : EndlessList;
  return (
    <List kind={kind} search={search} onChange={onChange}>
      {(first, list) => {
        const facets = first?.facets ?? [];
        const filters = first?.sections[0]?.state !== 'plain' && (
          <SearchFilters {...{ kind, search, facets, onChange }} />
        );
        return (
          <>
            <div className={grid.layout}>
              <aside className={grid.side} aria-label={t('Filters')}>
                {filters}
              </aside>
              <section aria-label={t('Results')} className={styles.results}>
                {list}
              </section>
            </div>
            <Drawer open={open} onClose={onClose} title={t('Filters')}>
              {filters}
              <Button variant="solid" onClick={onClose}>
                {t('Show results')}
              </Button>
            </Drawer>
          </>
        );
      }}
    </List>
  );
}

/** Before anything was searched for. */
function Start() {
  return (
    <div className={styles.start}>
      <KeptLists />
      <section>
        <h2>{t('How to search')}</h2>
        <QueryHelp />
      </section>
    </div>
  );
}

function EveryKind({ search, onChange }: PartProps) {
  const found = useQuery(overviewQuery(sharedOf(search)));
  if (found.isError && !found.data) {
    const retry = () => void found.refetch();
    return <Failed {...{ error: found.error, search, retry, onChange }} />;
  }
  if (!found.data) return <Bones />;
  return <Overview reply={found.data} search={search} onChange={onChange} />;
}

export function SearchPage() {
  const search = useSearch({ from: '/search' });
  const navigate = useNavigate({ from: '/search' });
  const [help, showHelp] = useState(false);
  const [filters, showFilters] = useState(false);
  const { q, in: kind } = search;
  const shared = sharedOf(search);
  const blank = !kind && Object.values(shared).every((value) => value === undefined);
  const overview = useQuery({ ...overviewQuery(shared), enabled: !blank });
  usePageTitle(q ? t('{words} · Search', { words: q }) : t('Search'));
  useEffect(() => remember(q ?? ''), [q]);

  const onChange: Change = (change, replace = true) =>
    void navigate({
      search: (before) => ({ ...before, ...change }),
      replace,
      resetScroll: 'cursor' in change && !replace,
    });

  return (
    <>
      <div className={grid.head}>
        <h1 className={styles.title}>{q ? t('“{words}”', { words: q }) : t('Search')}</h1>
        <div className={styles.tools}>
          {kind && (
            <ListTools {...{ kind, search, onChange }} onFilters={() => showFilters(true)} />
          )}
          {!blank && <SavedMenu search={search} />}
          {!blank && (
            <Button icon="info" aria-haspopup="dialog" onClick={() => showHelp(true)}>
              <span className={styles.label}>{t('How to search')}</span>
            </Button>
          )}
        </div>
      </div>
      {!blank && <KindTabs search={search} reply={overview.data} />}
      <div className={styles.body}>
        <SearchChips search={search} onChange={onChange} />
        {blank ? (
          <Start />
        ) : kind ? (
          <OneKind
            key={kind}
            {...{ kind, search, onChange }}
            open={filters}
            onClose={() => showFilters(false)}
          />
        ) : (
          <EveryKind search={search} onChange={onChange} />
        )}
      </div>
      <HelpDialog open={help} onClose={() => showHelp(false)} />
    </>
  );
}
