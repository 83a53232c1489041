import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { facetsQuery } from '../../api/models';
import { usePageTitle } from '../../frame/title';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Drawer } from '../../ui/dialog';
import { Select } from '../../ui/field';
import { Menu, MenuChoice, MenuLine, MenuNote } from '../../ui/menu';
import { Chosen } from './chosen';
import { Filters } from './filters';
import { Endless, Pages } from './results';
import { countable, facetsOf, fromStart } from './search';
import type { GridSearch } from './search';
import { sorts } from './words';
import styles from './models.module.css';

interface ViewProps {
  search: GridSearch;
  onChange: (change: GridSearch) => void;
}

function ViewMenu({ search, onChange }: ViewProps) {
  return (
    <Menu trigger={<Button icon={search.view === 'list' ? 'rows' : 'grid'}>{t('View')}</Button>}>
      <MenuChoice
        value={search.view ?? 'grid'}
        onChange={(value) => onChange({ view: value === 'list' ? 'list' : undefined })}
        options={[
          { value: 'grid', label: t('Grid'), icon: 'grid' },
          { value: 'list', label: t('List'), icon: 'rows' },
        ]}
      />
      <MenuLine />
      <MenuNote>{t('Covers')}</MenuNote>
      <MenuChoice
        value={search.density ?? 'even'}
        onChange={(value) =>
          onChange({ density: value === 'even' ? undefined : (value as 'roomy' | 'dense') })
        }
        options={[
          { value: 'roomy', label: t('Large') },
          { value: 'even', label: t('Medium') },
          { value: 'dense', label: t('Small') },
        ]}
      />
      <MenuLine />
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
  );
}

export function Models() {
  usePageTitle(t('Models'));
  const search = useSearch({ from: '/models' });
  const navigate = useNavigate({ from: '/models' });
  const [open, setOpen] = useState(false);
  const counts = useQuery(facetsQuery(facetsOf(search))).data;
  const total = countable(search) ? counts?.total : undefined;

  function onChange(change: GridSearch, replace = true) {
    void navigate({
      search: (before) => ({ ...before, ...change }),
      replace,
      state: (before) => ({ ...before, turned: !replace || before.turned }),
      resetScroll: 'cursor' in change && !replace,
    });
  }

  return (
    <>
      <div className={styles.head}>
        <h1>
          {t('Models')} {total !== undefined && <small>{number(total)}</small>}
        </h1>
        <div className={styles.tools}>
          <div className={styles.opener}>
            <Button icon="filter" onClick={() => setOpen(true)}>
              {t('Filters')}
            </Button>
          </div>
          <Select
            aria-label={t('Sort by')}
            value={search.sort ?? 'newest'}
            onChange={(event) => {
              const sort = event.target.value;
              onChange({ sort: sort === 'newest' ? undefined : sort, ...fromStart });
            }}
            options={sorts()}
          />
          <ViewMenu search={search} onChange={onChange} />
        </div>
      </div>
      <div className={styles.chips}>
        <Chosen search={search} onChange={onChange} />
      </div>
      <div className={styles.layout}>
        <aside className={styles.side} aria-label={t('Filters')}>
          <Filters search={search} onChange={onChange} />
        </aside>
        <section aria-label={t('Results')}>
          {search.paging === 'pages' ? (
            <Pages search={search} onChange={onChange} />
          ) : (
            <Endless search={search} onChange={onChange} />
          )}
        </section>
      </div>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('Filters')}>
        <Filters search={search} onChange={onChange} />
        <Button variant="solid" onClick={() => setOpen(false)}>
          {t('Show results')}
        </Button>
      </Drawer>
    </>
  );
}
