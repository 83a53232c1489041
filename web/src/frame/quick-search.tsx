import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import { faultsOf, hitsOf, isUnavailable, quickQuery, suggestionsQuery } from '../api/search';
import type { SearchHit, SearchReply, SearchSection } from '../api/search';
import { number } from '../text/format';
import { typeWords } from '../text/models';
import { searchKindWords } from '../text/search';
import { t } from '../text/words';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon';
import { QueryFault } from '../ui/search/fault';
import { HitLevel, namelessWords } from '../ui/search/hit-card';
import { HitPicture } from '../ui/search/hit-picture';
import { forgetRecent, remember, useRecent, useSaved } from '../ui/search/kept';
import { linkTo } from '../ui/search/link';
import { HitSnippet, HitTitle } from '../ui/search/marked';
import { stringifySearch, parseSearch } from '../search';
import { pageSearch } from '../pages/search/search';
import { listId } from './search';
import type { Option } from './search';
import styles from './quick-search.module.css';

interface QuickSearchProps {
  /** What is looked for: `typed` a moment ago. */
  text: string;
  typed: string;
  active: string | undefined;
  onActive: (id: string | undefined) => void;
  onOptions: (options: Option[]) => void;
  onText: (text: string) => void;
  onLeave: () => void;
  onPage: () => void;
}

interface Line extends Option {
  content: ReactNode;
}

interface Group {
  id: string;
  title: string;
  aside?: string;
  note?: string;
  lines: Line[];
}

/** One letter finds half of everything; one character of Chinese or Japanese is a word. */
const enough = (text: string) => text.length > 1 || text > '\u2e80';

function Words({ icon, children }: { icon: IconName; children: ReactNode }) {
  return (
    <span className={styles.words}>
      <Icon name={icon} />
      <span>{children}</span>
    </span>
  );
}

function Hit({ hit }: { hit: SearchHit }) {
  const facts = [
    hit.kind === 'models' && hit.type ? typeWords(hit.type) : undefined,
    hit.baseModels[0],
    hit.kind === 'users' ? undefined : hit.username,
  ].filter(Boolean);
  return (
    <span className={styles.hit}>
      <span className={styles.thumb} data-round={hit.kind === 'users' || undefined}>
        <HitPicture hit={hit} width={44} />
      </span>
      <span className={styles.text}>
        <span className={styles.title}>
          <HitTitle hit={hit} without={namelessWords(hit)} />
        </span>
        {facts.length > 0 && <span className={styles.facts}>{facts.join(' · ')}</span>}
        <HitSnippet hit={hit} />
      </span>
      <HitLevel hit={hit} />
    </span>
  );
}

function noteOf(section: SearchSection): string | undefined {
  if (section.state === 'plain') {
    return t('Being indexed: the newest with these words in their names');
  }
  return section.state === 'unavailable' ? t('Cannot be searched at the moment') : undefined;
}

function groupsOf(reply: SearchReply | undefined, open: (hit: SearchHit) => void): Group[] {
  return (reply?.sections ?? [])
    .map((section) => ({
      id: section.kind,
      title: searchKindWords(section.kind),
      aside: section.state === 'ready' ? number(section.total) : undefined,
      note: noteOf(section),
      lines: hitsOf(reply!, section.kind).map((hit) => ({
        id: `${listId}-${hit.kind}-${hit.id}`,
        go: () => open(hit),
        content: <Hit hit={hit} />,
      })),
    }))
    .filter((group) => group.lines.length > 0 || group.note);
}

/** What stands under an empty field: searches of before. */
function useKeptGroups(toSearch: (search: string) => void): Group[] {
  const saved = useSaved();
  const recent = useRecent();
  return [
    {
      id: 'saved',
      title: t('Saved searches'),
      lines: saved.slice(0, 6).map((one, index) => ({
        id: `${listId}-saved-${index}`,
        go: () => toSearch(one.search),
        content: <Words icon="bookmark">{one.name}</Words>,
      })),
    },
    {
      id: 'recent',
      title: t('Recent searches'),
      lines: recent.map((text, index) => ({
        id: `${listId}-recent-${index}`,
        go: () => toSearch(stringifySearch({ q: text })),
        content: <Words icon="clock">{text}</Words>,
      })),
    },
  ].filter((group) => group.lines.length > 0);
}

/** What was looked for instead of a misspelt word, as one sentence. */
function Corrected({ reply }: { reply: SearchReply | undefined }) {
  const text = reply?.sections.find((section) => section.corrected)?.corrected;
  if (!text) return null;
  return (
    <p className={styles.note} role="status">
      {t('Showing results for')} <strong>{text}</strong>
    </p>
  );
}

/** The list under the field of the top bar: what is found of every kind as one types. */
export default function QuickSearch(props: QuickSearchProps) {
  const { text, typed, active, onActive, onOptions, onText, onLeave, onPage } = props;
  const navigate = useNavigate();
  const q = text.trimStart();
  const asks = enough(q.trim());
  const found = useQuery({ ...quickQuery(q), enabled: asks });
  const suggested = useQuery({ ...suggestionsQuery(q), enabled: asks && found.isSuccess });
  const faults = asks ? faultsOf(found.error) : undefined;
  const failed = asks && found.isError && !faults;
  const reply = asks && !found.isError ? found.data : undefined;
  // Kinds that have nothing of the sort still answer: that is no reason to say there is nothing.
  const broken =
    reply?.hits.length === 0 && reply.sections.some((one) => one.state === 'unavailable');

  function toSearch(search: string) {
    onLeave();
    void navigate({ to: '/search', search: pageSearch(parseSearch(search)) });
  }
  function open(hit: SearchHit) {
    remember(q);
    onText('');
    onLeave();
    void navigate(linkTo(hit.address));
  }

  const kept = useKeptGroups(toSearch);
  const words = q.trim();
  const groups: Group[] = !words
    ? kept
    : [
        ...groupsOf(reply, open),
        {
          id: 'words',
          title: t('Searches'),
          lines: [
            ...(reply ? (suggested.data?.items ?? []) : [])
              .filter((one) => one !== words)
              .map((one, index) => ({
                id: `${listId}-words-${index}`,
                go: () => toSearch(stringifySearch({ q: one })),
                content: <Words icon="search">{one}</Words>,
              })),
            {
              id: `${listId}-all`,
              go: onPage,
              content: <Words icon="right">{t('All results for “{words}”', { words })}</Words>,
            },
          ],
        },
      ];
  const options = groups.flatMap((group) => group.lines);
  const key = options.map((option) => option.id).join();
  const shown = useMemo(() => options, [key, q]); // eslint-disable-line react-hooks/exhaustive-deps
  // The keys choose from what is seen: told before it is painted.
  useLayoutEffect(() => onOptions(shown), [shown, onOptions]);
  useLayoutEffect(() => () => onOptions([]), [onOptions]);
  useEffect(() => {
    if (active) document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  if (!words && kept.length === 0) return <Panel>{<Hint />}</Panel>;
  return (
    <Panel>
      {(failed || broken) && <Unavailable error={found.error} again={() => void found.refetch()} />}
      {faults && <QueryFault q={q} faults={faults} />}
      <Corrected reply={reply} />
      {reply && reply.hits.length === 0 && !broken && !found.isPlaceholderData && (
        <p className={styles.note} role="status">
          {reply.sections.some((section) => section.state === 'ready')
            ? t('Nothing matches all of these words.')
            : t('No name has these words.')}
        </p>
      )}
      <div
        id={listId}
        role="listbox"
        aria-label={t('Search')}
        aria-busy={found.isFetching || text !== typed}
        className={styles.list}
        data-old={found.isPlaceholderData || undefined}
      >
        {groups.map((group) => (
          <div key={group.id} role="group" aria-labelledby={`${listId}-${group.id}`}>
            <div id={`${listId}-${group.id}`} className={styles.head} role="presentation">
              {group.title} {group.aside && <span>{group.aside}</span>}
              {group.note && <em>{group.note}</em>}
            </div>
            {group.lines.map((line) => (
              <div
                key={line.id}
                id={line.id}
                role="option"
                aria-selected={line.id === active}
                className={styles.option}
                onMouseDown={(event) => event.preventDefault()}
                onMouseMove={() => onActive(line.id)}
                onClick={line.go}
              >
                {line.content}
              </div>
            ))}
          </div>
        ))}
      </div>
      {!words && kept.some((group) => group.id === 'recent') && (
        <div className={styles.foot}>
          <Button size="small" variant="ghost" onClick={forgetRecent}>
            {t('Forget recent searches')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Panel({ children }: { children: ReactNode }) {
  return <div className={styles.panel}>{children}</div>;
}

function Hint() {
  return (
    <p className={styles.note}>
      {t('Models, images, posts, people, collections and tags, as you type.')}
    </p>
  );
}

function Unavailable({ error, again }: { error: Error | null; again: () => void }) {
  return (
    <div className={styles.failed} role="alert">
      <Icon name="warning" />
      <div>
        <strong>{t('Search is unavailable')}</strong>
        <p>
          {!error || isUnavailable(error)
            ? t('Nothing was lost, and all pages still work. Try again in a moment.')
            : error.message}
        </p>
      </div>
      <Button size="small" icon="retry" onClick={again}>
        {t('Try again')}
      </Button>
    </div>
  );
}
