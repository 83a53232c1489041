import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { RefObject } from 'react';
import { modelsQuery } from '../api/models';
import { one } from '../search';
import { typeWords } from '../text/models';
import { t } from '../text/words';
import { Combobox } from '../ui/combobox';
import { Icon } from '../ui/icon';
import { useLate } from '../ui/late';
import styles from './search.module.css';

/** Search over everything: suggestions go straight to a model, Enter to the full grid. */
export function GlobalSearch({ form }: { form: RefObject<HTMLFormElement | null> }) {
  const navigate = useNavigate();
  const current = useRouterState({
    select: (state) =>
      state.location.pathname === '/models'
        ? one((state.location.search as Record<string, unknown>).query)
        : undefined,
  });
  const [text, setText] = useState(current ?? '');
  useEffect(() => setText(current ?? ''), [current]);
  const query = useLate(text.trim(), 160);
  const found = useQuery({
    ...modelsQuery({ query, limit: 6 }),
    enabled: query.length > 1 && query !== current,
  });
  const items = query.length > 1 && query === text.trim() ? (found.data?.items ?? []) : [];

  return (
    <form
      ref={form}
      role="search"
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void navigate({ to: '/models', search: { query: text.trim() || undefined } });
      }}
    >
      <Icon name="search" />
      <Combobox
        bare
        type="search"
        enterKeyHint="search"
        aria-label={t('Search models')}
        placeholder={t('Search models')}
        value={text}
        onChange={setText}
        suggestions={items.map((model) => ({
          value: String(model.id),
          label: model.name,
          aside: typeWords(model.type),
        }))}
        onPick={(id) => {
          setText('');
          void navigate({ to: '/models/$id', params: { id } });
        }}
      />
      {!text && (
        <kbd className={styles.hint} aria-hidden="true">
          /
        </kbd>
      )}
    </form>
  );
}
