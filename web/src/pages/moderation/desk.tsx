import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { moderation, queueQuery, reportQuery } from '../../api/moderation';
import type { ActWish, ReportReason, ReportRow } from '../../api/moderation';
import { shortcutsOn } from '../../frame/shortcuts';
import { number } from '../../text/format';
import { reasonWords, subjectWords } from '../../text/moderation';
import { t } from '../../text/words';
import { levelName } from '../../ui/badge';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Bone, Empty, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { levelOptions } from '../../ui/viewer/level';
import { Evidence } from './evidence';
import styles from './moderation.module.css';

interface Choice {
  label: string;
  acts: ActWish[];
  bad?: boolean;
  possible: boolean;
}

interface QueueProps {
  all: ReportRow[];
  chosen: ReportRow | undefined;
  onChoose: (id: number) => void;
}

function Queue({ all, chosen, onChoose }: QueueProps) {
  return (
    <ol className={styles.queue} aria-label={t('Open reports')}>
      {all.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            aria-current={one.id === chosen?.id ? 'true' : undefined}
            onClick={() => onChoose(one.id)}
          >
            <strong>
              {subjectWords(one.kind)}
              {one.title ? `: ${one.title}` : ` ${one.subject}`}
            </strong>
            <span>
              {reasonWords(one.reason)}
              {one.voices > 1 && ` × ${number(one.voices)}`}
            </span>
            <Time at={one.at} />
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Single keys of the desk; they stop while somebody types or a dialog is open. */
function useDeskKeys(on: Record<string, () => void>) {
  const current = useRef(on);
  useEffect(() => {
    current.current = on;
  });
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.metaKey || event.ctrlKey || event.altKey || !shortcutsOn()) return;
      const { target } = event;
      if (target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      if (document.querySelector('dialog[open], [role=menu], #viewer')) return;
      const act = current.current[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    }
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, []);
}

/** The queue at the left, one report with its evidence at the right, decided by single keys. */
export function Desk() {
  const search = useSearch({ from: '/members/moderation/{-$part}' });
  const navigate = useNavigate({ from: '/moderation/{-$part}' });
  const queries = useQueryClient();
  const reason = search.reason as ReportReason | undefined;
  const found = useInfiniteQuery(queueQuery(reason));
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = found.data?.pages[0]?.counts ?? [];
  const place = Math.max(
    0,
    all.findIndex((one) => String(one.id) === search.report),
  );
  const chosen = all[place];
  const view = useQuery({ ...reportQuery(chosen?.id ?? 0), enabled: chosen !== undefined });
  const [level, setLevel] = useState('');
  const [message, setMessage] = useState('');
  const [last, setLast] = useState<number | null>(null);
  const choose = (id: number | undefined) =>
    void navigate({
      search: (before) => ({ ...before, report: id === undefined ? undefined : String(id) }),
      replace: true,
      resetScroll: false,
    });
  useEffect(() => {
    setLevel(chosen?.suggestedLevel ? String(chosen.suggestedLevel) : '');
    setMessage('');
  }, [chosen?.id, chosen?.suggestedLevel]);
  useEffect(() => {
    document.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen?.id]);

  const refresh = () => queries.invalidateQueries({ queryKey: ['moderation'] });
  const undo = useMutation({
    mutationFn: (id: number) => moderation.undo(id, t('Taken back at the desk')),
    onSuccess: async (decision) => {
      setLast(null);
      say(t('Undone: {title}', { title: decision.title || decision.address }));
      await refresh();
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const decide = useMutation({
    mutationFn: (acts: ActWish[]) =>
      moderation.decide({
        reports: [chosen!.id],
        acts,
        alike: true,
        reason: reasonWords(chosen!.reason),
        message: message.trim() || undefined,
      }),
    onSuccess: async (done) => {
      const id = done.items[0]?.id;
      setLast(id ?? null);
      say(
        t('{count, plural, one {# report decided} other {# reports decided}}', {
          count: done.reports,
        }),
        { action: id ? { label: t('Undo'), run: () => undo.mutate(id) } : undefined },
      );
      choose(all[place + 1]?.id ?? all[place - 1]?.id);
      await refresh();
    },
    onError: (error) => say(error.message, { bad: true }),
  });

  const thing = view.data?.thing;
  const choices: Choice[] = [
    { label: t('Nothing wrong'), acts: [{ act: 'dismiss' }], possible: true },
    {
      label: level
        ? t('Set to {level}', { level: levelName(Number(level)) })
        : t('Set the level (choose one)'),
      acts: [{ act: 'setLevel', level: Number(level) }],
      possible: Boolean(thing?.canSetLevel && level),
    },
    {
      label: t('Take down'),
      acts: [{ act: 'takeDown' }],
      possible: Boolean(thing?.canTakeDown),
    },
    {
      label: t('Take down and strike'),
      acts: [{ act: 'takeDown' }, { act: 'strike', points: 1 }],
      possible: Boolean(thing?.canTakeDown),
    },
    { label: t('Mute for 3 days'), acts: [{ act: 'mute', days: 3 }], possible: true },
    { label: t('Ban'), acts: [{ act: 'ban' }], bad: true, possible: true },
  ];
  const act = (choice: Choice | undefined) => {
    if (choice?.possible && chosen && !decide.isPending) decide.mutate(choice.acts);
  };
  useDeskKeys({
    j: () => choose(all[Math.min(all.length - 1, place + 1)]?.id),
    k: () => choose(all[Math.max(0, place - 1)]?.id),
    u: () => last !== null && undo.mutate(last),
    ...Object.fromEntries(choices.map((one, index) => [String(index + 1), () => act(one)])),
  });

  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="24rem" />;
  return (
    <div className={styles.desk}>
      <div className={styles.list}>
        <SelectField
          label={t('Reason')}
          value={reason ?? ''}
          onChange={(event) =>
            void navigate({ search: { reason: event.target.value || undefined }, replace: true })
          }
          options={[
            { value: '', label: t('All reasons') },
            ...[...new Set(counts.map((one) => one.reason))].map((one) => ({
              value: one,
              label: reasonWords(one),
            })),
          ]}
        />
        {all.length > 0 && <Queue all={all} chosen={chosen} onChoose={choose} />}
        {found.hasNextPage && (
          <Button size="small" onClick={() => void found.fetchNextPage()}>
            {t('Show more')}
          </Button>
        )}
      </div>
      {!chosen ? (
        <Empty
          icon="check"
          title={t('Nothing to review')}
          actions={
            last !== null && (
              <Button icon="retry" onClick={() => undo.mutate(last)}>
                {t('Undo the last decision')}
              </Button>
            )
          }
        >
          {t('New reports appear here, the most urgent first.')}
        </Empty>
      ) : (
        <div className={styles.case}>
          {view.isError ? (
            <Failure error={view.error} retry={() => void view.refetch()} />
          ) : view.data ? (
            <Evidence key={chosen.id} page={view.data} />
          ) : (
            <Bone height="20rem" />
          )}
          <section className={styles.verdict} aria-label={t('Decision')}>
            <div className={styles.words}>
              {thing?.canSetLevel && (
                <SelectField
                  label={t('Maturity')}
                  value={level}
                  onChange={(event) => setLevel(event.target.value)}
                  options={[{ value: '', label: t('Choose') }, ...levelOptions()]}
                />
              )}
              <TextField
                label={t('Message to the owner')}
                optional
                maxLength={2000}
                value={message}
                onChange={(event) => setMessage(event.target.value)}
              />
            </div>
            <div className={styles.choices}>
              {choices.map((one, index) => (
                <Button
                  key={one.label}
                  variant={one.bad ? 'danger' : 'soft'}
                  disabled={!one.possible}
                  busy={decide.isPending}
                  onClick={() => act(one)}
                >
                  <kbd aria-hidden="true">{index + 1}</kbd>
                  {one.label}
                </Button>
              ))}
            </div>
            <p className={styles.hint}>
              {t('j and k: next and previous; 1 to 6: decide; u: undo the last decision')}
            </p>
          </section>
        </div>
      )}
    </div>
  );
}
