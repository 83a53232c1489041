import { isFinal } from '../../api/generation';
import type { Generation, GenerationStatus, GenerationStep } from '../../api/generation';

/**
 * What the stream of events says over what was read. Events have rising ids, and a card says by
 * its cursor which of them it holds already; so they may come twice, late, or again after a
 * reconnection.
 */
export type News =
  | {
      kind: 'status';
      id: number;
      generation: number;
      status: GenerationStatus;
      problemCode: string;
      charged: number;
    }
  | {
      kind: 'progress';
      id: number;
      generation: number;
      step: number;
      /** 0 to 1. */
      part: number;
      /** Empty: no new preview. */
      previewUrl: string;
    }
  /** Something was missed: everything is to be read again. */
  | { kind: 'reset'; id: number };

interface Part {
  at: number;
  part: number;
  previewUrl: string;
}

/** A generation as it was read, what was heard since, and what that makes together. */
export interface Known {
  card: Generation;
  status?: { at: number; status: GenerationStatus; problemCode: string; charged: number };
  parts: ReadonlyMap<number, Part>;
  /** When it will begin and end, and when that was guessed (ms); only single answers have it. */
  guess?: { at: number; startsInS?: number; endsInS?: number };
  shown: Generation;
}

/** One event of the stream, or nothing where it is not one of ours. */
export function newsOf(kind: string, id: string, data: string): News | undefined {
  try {
    const said = JSON.parse(data) as Record<string, unknown>;
    const news = { ...said, kind, id: Number(id) || 0 } as News;
    if (kind === 'reset') return news;
    return typeof said.generation === 'number' ? news : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a card that was just read over what is known; one that was read earlier changes nothing. */
export function read(known: Known | undefined, card: Generation, now: number): Known {
  if (!known) return seen({ card, parts: new Map(), guess: guessOf(card, now) });
  const newer = Number(card.cursor) >= Number(known.card.cursor);
  // What has ended does not begin again, whichever answer comes last.
  if (!newer || (isFinal(known.card.status) && !isFinal(card.status))) return known;
  const at = Number(card.cursor);
  const { status } = known;
  const parts = new Map(
    [...known.parts].filter(([id, part]) => {
      const step = card.steps.find((one) => one.id === id);
      // SQL learns of progress now and then only: what was heard of running steps is finer.
      return step && (step.status === 'running' || (step.status === 'queued' && part.at > at));
    }),
  );
  const later = status && status.at > at && !isFinal(card.status);
  const guess = guessOf(card, now) ?? (isFinal(card.status) ? undefined : known.guess);
  return seen({ card, parts, guess, status: later ? status : undefined });
}

function guessOf(card: Generation, at: number): Known['guess'] {
  const { startsInS, endsInS } = card;
  if (startsInS === undefined && endsInS === undefined) return undefined;
  return { at, startsInS, endsInS };
}

/** The same object where the event says nothing new. */
export function heard(known: Known, news: Exclude<News, { kind: 'reset' }>): Known {
  const { card } = known;
  if (isFinal(known.shown.status) || news.id <= Number(card.cursor)) return known;
  if (news.kind === 'status') {
    if (known.status && news.id <= known.status.at) return known;
    const { id: at, status, problemCode, charged } = news;
    return seen({ ...known, status: { at, status, problemCode, charged } });
  }
  const before = known.parts.get(news.step);
  const step = card.steps.find((one) => one.id === news.step);
  if (!step || isFinal(step.status) || (before && news.id <= before.at)) return known;
  const previewUrl = news.previewUrl || before?.previewUrl || '';
  const parts = new Map(known.parts).set(news.step, { at: news.id, part: news.part, previewUrl });
  return seen({ ...known, parts });
}

/** A change that the page makes before the server has answered. */
export function changed(known: Known, change: Partial<Generation>): Known {
  return seen({ ...known, card: { ...known.card, ...change } });
}

function stepShown(step: GenerationStep, part: Part | undefined): GenerationStep {
  if (!part || isFinal(step.status)) return step;
  const previewUrl = part.previewUrl || step.previewUrl;
  return { ...step, status: 'running', progress: part.part, previewUrl };
}

function seen(known: Omit<Known, 'shown'>): Known {
  const { card, status, parts } = known;
  if (!status && parts.size === 0) return { ...known, shown: card };
  const steps = card.steps.map((step) => stepShown(step, parts.get(step.id)));
  const sum = steps.reduce((so, one) => so + (isFinal(one.status) ? 1 : one.progress), 0);
  const shown: Generation = {
    ...card,
    steps,
    progress: steps.length ? sum / steps.length : card.progress,
    status: status?.status ?? (parts.size ? 'running' : card.status),
  };
  if (status) {
    shown.problemCode = status.problemCode;
    shown.cost = { ...card.cost, charged: status.charged };
  }
  return { ...known, shown };
}
