import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { generationOptionsQuery, isFinal } from '../../api/generation';
import type {
  Generation,
  GenerationAttempt,
  GenerationOptions,
  GenerationRequest,
  GenerationStep,
  ModelChoice,
} from '../../api/generation';
import { duration, number, percent } from '../../text/format';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Drawer } from '../../ui/dialog';
import { Icon } from '../../ui/icon';
import { Bone, Notice } from '../../ui/state';
import { TagsField } from '../../ui/tags';
import { Time } from '../../ui/time';
import type { Actions } from './use-actions';
import { useKnown } from './use-watch';
import type { Watch } from './watch';
import { problemWords, statusLooks, statusWords, workflowWords } from './words';
import styles from './details.module.css';

function modelWords(model: ModelChoice | undefined): string {
  if (!model) return t('any that a backend has');
  return model.name ?? t('version {id}', { id: String(model.version) });
}

function resourceWords({ resources = [] }: GenerationRequest): string {
  return resources
    .map((one) => `${modelWords(one)} (${one.strength ?? 1})`)
    .join(', ');
}

function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== undefined &&
          value !== '' && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function attemptWords(attempt: GenerationAttempt): string {
  switch (attempt.state) {
    case 'open':
      return t('being made');
    case 'canceling':
      return t('being stopped');
    case 'succeeded':
      return t('done');
    case 'lost':
      return t('lost');
    case 'canceled':
      return t('stopped');
    default:
      return t('failed');
  }
}

function timeOf({ createdAt, finishedAt }: GenerationAttempt): string {
  if (!finishedAt) return '';
  return duration((Date.parse(finishedAt) - Date.parse(createdAt)) / 1_000);
}

/** One try of a step: where, how it went, and what it did otherwise than asked. */
function Attempt({ attempt }: { attempt: GenerationAttempt }) {
  const words = problemWords(attempt.code);
  return (
    <li className={styles.attempt}>
      <div>
        <strong>{attempt.backend || t('a backend that was removed')}</strong>
        <span>{[attemptWords(attempt), timeOf(attempt)].filter(Boolean).join(' · ')}</span>
      </div>
      {attempt.code && attempt.state !== 'canceled' && (
        <p>
          {words ?? attempt.detail} {words && attempt.detail !== '' && attempt.detail}{' '}
          <code>{attempt.code}</code>
        </p>
      )}
      {attempt.note && (
        <p>
          <Icon name="info" size={14} /> {t('Other than asked: {note}', { note: attempt.note })}
        </p>
      )}
    </li>
  );
}

function Step({ step, place, whole }: { step: GenerationStep; place: number; whole: boolean }) {
  const { tone, icon } = statusLooks[step.status];
  const running = step.status === 'running' && ` ${percent(step.progress, 1)} %`;
  return (
    <li className={styles.step}>
      <div className={styles.head}>
        <span>{t('Picture {place}', { place })}</span>
        <Badge tone={tone} icon={icon}>
          {statusWords(step.status)}
          {running}
        </Badge>
        <span className={styles.quiet}>
          {t('seed {seed}', { seed: step.seed })} · {step.width} × {step.height}
        </span>
      </div>
      {!whole && <p className={styles.quiet}>{step.prompt}</p>}
      {step.attempts.length > 0 && (
        <ol aria-label={t('Attempts')}>
          {step.attempts.map((attempt) => (
            <Attempt key={attempt.number} attempt={attempt} />
          ))}
        </ol>
      )}
      {step.attempts.length === 0 && (
        <p className={styles.quiet}>{t('No backend was given it yet.')}</p>
      )}
    </li>
  );
}

function costWords({ cost, status }: Generation): string {
  const values = {
    reserved: number(cost.reserved),
    charged: number(cost.charged),
    refunded: number(cost.refunded),
  };
  if (!isFinal(status)) {
    return t('{reserved} Buzz reserved, {charged} charged so far', values);
  }
  return cost.refunded > 0
    ? t('{charged} Buzz charged, {refunded} of {reserved} refunded', values)
    : t('{charged} Buzz charged', values);
}

function source({ image }: GenerationRequest): ReactNode {
  if (!image) return undefined;
  if (!image.image) return t('a file of yours');
  const id = String(image.image);
  return (
    <Link to="/images/$id" params={{ id }}>
      {t('Image {id}', { id })}
    </Link>
  );
}

/** By the names that they were chosen by; by their keys until those are there. */
function samplerWords(request: GenerationRequest, options: GenerationOptions | undefined) {
  const named = (key: string | undefined, all: GenerationOptions['samplers'] = []) =>
    all.find((one) => one.key === key)?.name ?? key;
  const { sampler, scheduler } = request;
  return [named(sampler, options?.samplers), named(scheduler, options?.schedulers)]
    .filter(Boolean)
    .join(', ');
}

function requestFacts(
  card: Generation,
  options: GenerationOptions | undefined,
): [string, ReactNode][] {
  const { request } = card;
  const { steps, guidance, denoise, factor } = request;
  const size = request.width && request.height ? `${request.width} × ${request.height}` : '';
  return [
    [t('Kind'), workflowWords(card.workflow)],
    [t('Model'), modelWords(request.model)],
    [t('Resources'), resourceWords(request)],
    [t('Source'), source(request)],
    [t('Size'), size || request.aspect],
    [t('Pictures'), number(card.steps.length)],
    [t('Seed'), request.seed === undefined ? undefined : String(request.seed)],
    [t('Sampler'), samplerWords(request, options)],
    [t('Steps'), steps === undefined ? undefined : number(steps)],
    [t('Guidance'), guidance === undefined ? undefined : number(guidance)],
    [t('Denoise'), denoise === undefined ? undefined : number(denoise)],
    [t('Factor'), factor === undefined ? undefined : number(factor)],
    [t('Cost'), costWords(card)],
    [t('Asked'), <Time key="asked" at={card.createdAt} />],
    [t('Ended'), card.finishedAt && <Time key="ended" at={card.finishedAt} />],
  ];
}

/** What went wrong, and what to do. */
function Trouble({ card }: { card: Generation }) {
  if (!card.problemCode) return null;
  const words = problemWords(card.problemCode);
  const some = card.images.length > 0;
  return (
    <Notice
      tone={some ? 'warning' : 'danger'}
      title={some ? t('Not all of it could be made') : statusWords(card.status)}
    >
      {words ?? card.problem} {words && card.problem !== '' && card.problem}{' '}
      <code>{card.problemCode}</code>
    </Notice>
  );
}

interface DetailsProps {
  watch: Watch;
  id: number;
  actions: Actions;
  onClose: () => void;
}

const first = 12;

type BodyProps = Pick<DetailsProps, 'actions' | 'onClose'> & { card: Generation };

function Body({ card, actions, onClose }: BodyProps) {
  const [all, showAll] = useState(false);
  const options = useQuery(generationOptionsQuery());
  const prompt = card.request.prompt ?? '';
  const steps = all ? card.steps : card.steps.slice(0, first);
  return (
    <div className={styles.details}>
      <Trouble card={card} />
      <div className={styles.actions}>
        {isFinal(card.status) ? (
          <>
            <Button
              size="small"
              icon="retry"
              onClick={() => {
                onClose();
                void actions.retry(card);
              }}
            >
              {card.status === 'succeeded' ? t('Make it again') : t('Try again')}
            </Button>
            <Button
              size="small"
              onClick={() => {
                onClose();
                void actions.again(card);
              }}
            >
              {t('Generate again with a new seed')}
            </Button>
          </>
        ) : (
          <Button size="small" icon="cross" onClick={() => void actions.cancel(card)}>
            {t('Cancel')}
          </Button>
        )}
        <Button
          size="small"
          icon="heart"
          aria-pressed={card.favourite}
          onClick={() => void actions.favourite(card)}
        >
          {card.favourite ? t('A favourite') : t('Favourite')}
        </Button>
        {prompt && (
          <Button size="small" icon="copy" onClick={() => actions.copyPrompt(card)}>
            {t('Copy the prompt')}
          </Button>
        )}
      </div>
      {prompt && <p className={styles.prompt}>{prompt}</p>}
      {card.request.negativePrompt && (
        <p className={styles.quiet}>
          {t('Not: {prompt}', { prompt: card.request.negativePrompt })}
        </p>
      )}
      <TagsField
        label={t('Tags')}
        optional
        value={card.tags}
        limit={20}
        onChange={(tags) => void actions.tag(card, tags)}
        hint={t('For you alone: the history can be narrowed by them.')}
      />
      <Facts facts={requestFacts(card, options.data)} />
      <details className={styles.steps} open={card.problemCode !== ''}>
        <summary>
          {t('Pictures and attempts')}
          <Icon name="down" size={16} />
        </summary>
        <ol>
          {steps.map((step, index) => (
            <Step key={step.id} step={step} place={index + 1} whole={step.prompt === prompt} />
          ))}
        </ol>
        {card.steps.length > steps.length && (
          <Button variant="ghost" size="small" onClick={() => showAll(true)}>
            {t('{count} more', { count: card.steps.length - steps.length })}
          </Button>
        )}
      </details>
    </div>
  );
}

/** All that is known of one generation. */
export function Details({ watch, id, actions, onClose }: DetailsProps) {
  const card = useKnown(watch, id)?.shown;
  return (
    <Drawer open title={t('Generation {id}', { id: String(id) })} onClose={onClose}>
      {card ? <Body card={card} actions={actions} onClose={onClose} /> : <Bone height="12rem" />}
    </Drawer>
  );
}
