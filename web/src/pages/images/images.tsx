import { useNavigate, useRouter, useRouterState, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Drawer } from '../../ui/dialog';
import { Select } from '../../ui/field';
import { EndlessGallery, PagedGallery } from '../../ui/gallery';
import { Menu, MenuChoice, MenuLine, MenuNote } from '../../ui/menu';
import { Empty } from '../../ui/state';
import { ImageChips, ImageFilters } from './filters';
import { filterOf, fromStart, unfiltered } from './search';
import type { ImageSearch } from './search';
import styles from './images.module.css';

export const imageSorts = () => [
  { value: 'newest', label: t('Newest') },
  { value: 'mostReactions', label: t('Most reactions') },
  { value: 'mostComments', label: t('Most comments') },
  { value: 'mostCollected', label: t('Most collected') },
  { value: 'oldest', label: t('Oldest') },
  { value: 'random', label: t('Shuffled') },
];

interface ViewProps {
  search: ImageSearch;
  onChange: (change: ImageSearch) => void;
}

function ViewMenu({ search, onChange }: ViewProps) {
  return (
    <Menu trigger={<Button icon="grid">{t('View')}</Button>}>
      <MenuNote>{t('Rows')}</MenuNote>
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

function Nothing({ search, onChange }: ViewProps) {
  const filtered = Object.keys(unfiltered).some((name) => search[name as keyof ImageSearch]);
  if (filtered) {
    return (
      <Empty
        icon="search"
        title={t('No image matches these filters')}
        actions={<Button onClick={() => onChange(unfiltered)}>{t('Clear all filters')}</Button>}
      >
        {t('Remove a filter, or choose a longer period.')}
      </Empty>
    );
  }
  return (
    <Empty
      icon="image"
      title={t('The first image goes here')}
      actions={
        <ButtonLink to="/create-post" search={{}} variant="solid" icon="image">
          {t('Post images')}
        </ButtonLink>
      }
    >
      {t('Images are shown with how they were made: the prompt, the settings, the models.')}
    </Empty>
  );
}

export function ImagesPage() {
  usePageTitle(t('Images'));
  const search = useSearch({ from: '/images' });
  const navigate = useNavigate({ from: '/images' });
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const covered = useRouterState({ select: (state) => state.location.state.viewing !== undefined });

  function onChange(change: ImageSearch, replace = true) {
    void navigate({
      search: (before) => ({ ...before, ...change }),
      replace,
      resetScroll: 'cursor' in change && !replace,
    });
  }

  /** The address follows what is looked at, so that it can be sent and reloaded. */
  function onRest(id: number | undefined) {
    const at = id === undefined ? undefined : String(id);
    // Somebody who is on the way to another page is not called back.
    const leaving = router.latestLocation.pathname !== '/images';
    if (covered || leaving || at === search.at) return;
    void navigate({ search: (before) => ({ ...before, at }), replace: true, resetScroll: false });
  }

  const common = {
    label: t('Images'),
    filter: filterOf(search),
    density: search.density,
    empty: <Nothing search={search} onChange={onChange} />,
  };
  return (
    <>
      <div className={styles.head}>
        <h1>{t('Images')}</h1>
        <div className={styles.tools}>
          <Button icon="filter" onClick={() => setOpen(true)}>
            {t('Filters')}
          </Button>
          <Select
            aria-label={t('Sort by')}
            value={search.sort ?? 'newest'}
            onChange={(event) => {
              const sort = event.target.value;
              onChange({ sort: sort === 'newest' ? undefined : sort, ...fromStart });
            }}
            options={imageSorts()}
          />
          <ViewMenu search={search} onChange={onChange} />
        </div>
      </div>
      <div className={styles.chips}>
        <ImageChips search={search} onChange={onChange} />
      </div>
      <section aria-label={t('Results')}>
        {search.paging === 'pages' ? (
          <PagedGallery
            {...common}
            cursor={search.cursor}
            page={Math.max(1, Number(search.page) || 1)}
            onPage={(page, cursor) =>
              onChange({ cursor, page: page > 1 ? String(page) : undefined }, false)
            }
          />
        ) : (
          <EndlessGallery {...common} at={Number(search.at) || undefined} onRest={onRest} />
        )}
      </section>
      <Drawer open={open} onClose={() => setOpen(false)} title={t('Filters')}>
        <ImageFilters search={search} onChange={onChange} />
        <Button variant="solid" onClick={() => setOpen(false)}>
          {t('Show results')}
        </Button>
      </Drawer>
    </>
  );
}
