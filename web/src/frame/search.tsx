import { useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import { one } from '../search';
import { t } from '../text/words';
import { Icon } from '../ui/icon';
import { useLate } from '../ui/late';
import styles from './search.module.css';

const QuickSearch = lazy(() => import('./quick-search'));

/** Something in the list under the field that Enter chooses. */
export interface Option {
  /** Of its element. */
  id: string;
  go: () => void;
}

/** Names the list for the field. */
export const listId = 'quick-search';
/** Between the last key and the question, ms: about the time between two keys. */
const pause = 140;

/** Search over everything. The list of what is found comes with the first use. */
export function GlobalSearch({ form }: { form: RefObject<HTMLFormElement | null> }) {
  const navigate = useNavigate();
  const current = useRouterState({
    select: (state) =>
      state.location.pathname === '/search'
        ? one((state.location.search as Record<string, unknown>).q)
        : undefined,
  });
  const [text, setText] = useState(current ?? '');
  const [open, setOpen] = useState(false);
  const [options, setOptions] = useState<Option[]>([]);
  const [active, setActive] = useState<string>();
  const late = useLate(text, pause);
  useEffect(() => setText(current ?? ''), [current]);
  const place = options.findIndex((option) => option.id === active);

  function leave() {
    setOpen(false);
    setActive(undefined);
    form.current?.querySelector('input')?.blur();
  }

  function toPage() {
    const q = text.trim();
    leave();
    void navigate({ to: '/search', search: { q: q || undefined } });
  }

  function press(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step) {
      event.preventDefault();
      setOpen(true);
      // One place beside the options is the field itself.
      const places = options.length + 1;
      setActive(options[((place + 1 + step + places) % places) - 1]?.id);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setOpen(false);
      setActive(undefined);
    } else if (event.key === 'Escape') leave();
  }

  return (
    <form
      ref={form}
      role="search"
      className={styles.form}
      data-open={open || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        const chosen = open ? options[place] : undefined;
        if (chosen) chosen.go();
        else toPage();
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setOpen(false);
        setActive(undefined);
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        role="combobox"
        enterKeyHint="search"
        autoComplete="off"
        maxLength={300}
        aria-label={t('Search')}
        placeholder={t('Search')}
        aria-autocomplete="list"
        aria-expanded={open && options.length > 0}
        aria-controls={listId}
        aria-activedescendant={place >= 0 ? active : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setActive(undefined);
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onKeyDown={press}
      />
      {!text && (
        <kbd className={styles.hint} aria-hidden="true">
          /
        </kbd>
      )}
      {open && (
        <Suspense fallback={null}>
          <QuickSearch
            text={late}
            typed={text}
            active={place >= 0 ? active : undefined}
            onActive={setActive}
            onOptions={setOptions}
            onText={setText}
            onLeave={leave}
            onPage={toPage}
          />
        </Suspense>
      )}
    </form>
  );
}
