import { useEffect, useId, useRef, useState } from 'react';
import { Link } from '@tanstack/react-router';
import { isFinal } from '../../api/generation';
import type { Generation, GenerationStep } from '../../api/generation';
import { duration, number, percent } from '../../text/format';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { Picture } from '../../ui/picture/picture';
import { viewing } from '../../ui/picture/tile';
import { Progress } from '../../ui/progress';
import type { Known } from './news';
import type { Actions } from './use-actions';
import { useKnown } from './use-watch';
import type { Watch } from './watch';
import { problemWords, statusLooks, statusWords, workflowWords } from './words';
import styles from './queue.module.css';

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The newest preview that has come whole; the one before it stays until then. */
function Preview({ address }: { address: string }) {
  const [whole, setWhole] = useState('');
  useEffect(() => {
    const image = new Image();
    let wanted = true;
    image.onload = () => wanted && setWhole(address);
    image.src = address;
    return () => {
      wanted = false;
    };
  }, [address]);
  return whole ? <img src={whole} alt="" draggable={false} data-preview /> : null;
}

function stepWords(step: GenerationStep, place: number): string {
  const values = { place, state: statusWords(step.status), part: percent(step.progress, 1) };
  return step.status === 'running'
    ? t('Picture {place}: being made, {part} %', values)
    : t('Picture {place}: {state}', values);
}

interface CellProps {
  card: Generation;
  step: GenerationStep;
  place: number;
}

function Cell({ card, step, place }: CellProps) {
  const made = card.images.find((one) => one.step === step.id);
  const words = stepWords(step, place);
  return (
    <li className={styles.cell} data-status={step.status}>
      {made ? (
        <Link {...viewing(made.image.id)} preload={false} aria-label={words}>
          <Picture image={made.image} width={160} />
        </Link>
      ) : (
        <span role="img" aria-label={words}>
          {step.status === 'running' && step.previewUrl ? (
            <Preview address={step.previewUrl} />
          ) : (
            <Icon name={statusLooks[step.status].icon} size={16} />
          )}
        </span>
      )}
      {step.status === 'running' && (
        <span className={styles.part} style={{ width: `${percent(step.progress, 1)}%` }} />
      )}
    </li>
  );
}

const cellsMost = 16;

/** Every picture of a generation, as far as it is. */
function Cells({ card }: { card: Generation }) {
  const { steps } = card;
  const many = steps.length > cellsMost;
  const first = steps.findIndex((step) => !isFinal(step.status));
  const room = many ? cellsMost - 1 : cellsMost;
  const from = many ? Math.max(0, Math.min(first, steps.length - room)) : 0;
  const shown = steps.slice(from, from + room);
  const side = Math.min(4, Math.ceil(Math.sqrt(steps.length)));
  return (
    <ul className={styles.cells} data-side={side} aria-label={t('Pictures')}>
      {shown.map((step, index) => (
        <Cell key={step.id} card={card} step={step} place={from + index + 1} />
      ))}
      {many && <li className={styles.more}>+{number(steps.length - shown.length)}</li>}
    </ul>
  );
}

/** When it begins and ends, as far as can be guessed. */
function timeWords({ shown, guess }: Known, place: number, now: number): string {
  const since = guess ? (now - guess.at) / 1_000 : 0;
  const ends = guess?.endsInS === undefined ? undefined : guess.endsInS - since;
  if (shown.status === 'running') {
    if (ends === undefined) return '';
    if (ends > 1) return t('about {time} left', { time: duration(ends) });
    // It takes longer than was guessed.
    return shown.progress >= 0.9 ? t('nearly done') : '';
  }
  const starts = guess?.startsInS === undefined ? undefined : guess.startsInS - since;
  const order = place === 1 ? t('your next') : t('number {place} in your queue', { place });
  if (starts === undefined) return order;
  const begin =
    starts > 1
      ? t('starts in about {time}', { time: duration(starts) })
      : t('starting any moment');
  if (ends === undefined) return `${order} · ${begin}`;
  const end = t('done in about {time}', { time: duration(Math.max(1, ends)) });
  return `${order} · ${begin} · ${end}`;
}

function stateWords(card: Generation): string {
  const count = (status: GenerationStep['status']) =>
    card.steps.filter((step) => step.status === status).length;
  const running = card.steps.find((step) => step.status === 'running');
  const attempt = running?.attempts.at(-1);
  const failed = count('failed');
  const parts = [
    card.steps.length > 1 &&
      t('{done} of {all} pictures done', { done: count('succeeded'), all: card.steps.length }),
    failed > 0 && t('{count, plural, one {# failed} other {# failed}}', { count: failed }),
    attempt?.backend && t('on {backend}', { backend: attempt.backend }),
    t('{count} Buzz reserved', { count: number(card.cost.reserved) }),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What went wrong on the way, although it goes on. */
function Stumble({ card }: { card: Generation }) {
  const attempts = card.steps
    .filter((step) => !isFinal(step.status))
    .flatMap((step) => step.attempts);
  const bad = attempts.findLast((one) => one.code !== '' && one.code !== 'generation_canceled');
  if (!bad) return null;
  return (
    <p className={styles.stumble}>
      <Icon name="warning" size={14} />
      {t('{backend}: {problem} Trying again.', {
        backend: bad.backend,
        problem: problemWords(bad.code) ?? bad.detail,
      })}
    </p>
  );
}

const nameOf = (card: Generation) => card.request.prompt || workflowWords(card.workflow);

interface RowProps {
  watch: Watch;
  id: number;
  place: number;
  /** The id of what heads the list. */
  title: string;
  actions: Actions;
  onDetails: (id: number) => void;
}

function Row({ watch, id, place, title, actions, onDetails }: RowProps) {
  const known = useKnown(watch, id);
  const now = useNow();
  const [busy, setBusy] = useState(false);
  if (!known) return null;
  const card = known.shown;
  const { tone, icon } = statusLooks[card.status];
  const prompt = nameOf(card);

  async function cancel() {
    setBusy(true);
    await actions.cancel(card);
    setBusy(false);
    // The row is gone, and with it the focus of those who use the keyboard.
    if (document.activeElement === document.body) document.getElementById(title)?.focus();
  }

  return (
    <li className={styles.row} data-generation={id}>
      <Cells card={card} />
      <div className={styles.about}>
        <div className={styles.head}>
          <Badge tone={tone} icon={icon}>
            {statusWords(card.status)}
          </Badge>
          <span className={styles.kind}>{workflowWords(card.workflow)}</span>
          <Button
            size="small"
            variant="ghost"
            icon="info"
            aria-label={t('Details: {prompt}', { prompt })}
            onClick={() => onDetails(id)}
          />
          <Button
            size="small"
            icon="cross"
            busy={busy}
            className={styles.cancel}
            aria-label={t('Cancel: {prompt}', { prompt })}
            onClick={() => void cancel()}
          >
            <span>{t('Cancel')}</span>
          </Button>
        </div>
        <p className={styles.prompt}>{prompt}</p>
        {card.status === 'running' ? (
          <Progress
            label={t('Progress')}
            done={card.progress}
            total={1}
            aside={[`${percent(card.progress, 1)} %`, timeWords(known, place, now)]
              .filter(Boolean)
              .join(' · ')}
          />
        ) : (
          <p className={styles.quiet}>{timeWords(known, place, now)}</p>
        )}
        <Stumble card={card} />
        <p className={styles.quiet}>{stateWords(card)}</p>
      </div>
    </li>
  );
}

/** What came to its end while the page was open, for those who do not see it move. */
function useEnded(watch: Watch): string {
  const [words, setWords] = useState('');
  const before = useRef<number[]>([]);
  useEffect(() => {
    const ended = before.current.flatMap((id) => watch.get(id)?.shown ?? []);
    const last = ended.findLast((card) => isFinal(card.status));
    if (last) setWords(`${nameOf(last)}: ${statusWords(last.status)}`);
    before.current = watch.open;
  }, [watch, watch.open]);
  return words;
}

interface QueueProps {
  watch: Watch;
  actions: Actions;
  onDetails: (id: number) => void;
}

const first = 6;

/** What waits and runs. */
export function Queue({ watch, actions, onDetails }: QueueProps) {
  const title = useId();
  const [all, showAll] = useState(false);
  const ended = useEnded(watch);
  const shown = all ? watch.open : watch.open.slice(0, first);
  const running = watch.open.filter((id) => watch.get(id)?.shown.status === 'running').length;
  return (
    <section aria-labelledby={title} className={styles.queue}>
      <h2 id={title} tabIndex={-1}>
        {t('Queue')} {watch.open.length > 0 && <span>{number(watch.open.length)}</span>}
      </h2>
      <p className="unseen" role="status">
        {ended}
      </p>
      {watch.open.length === 0 ? (
        <p className={styles.quiet}>{t('Nothing is queued or running.')}</p>
      ) : (
        <ol className={styles.rows}>
          {shown.map((id, index) => (
            <Row
              key={id}
              watch={watch}
              id={id}
              place={Math.max(1, index + 1 - running)}
              title={title}
              actions={actions}
              onDetails={onDetails}
            />
          ))}
        </ol>
      )}
      {watch.open.length > first && (
        <Button variant="ghost" size="small" onClick={() => showAll(!all)} aria-expanded={all}>
          {all
            ? t('Show fewer')
            : t('{count} more waiting', { count: number(watch.open.length - shown.length) })}
        </Button>
      )}
    </section>
  );
}
