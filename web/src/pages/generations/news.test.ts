import { describe, expect, it, vi } from 'vitest';
import type { Generation, GenerationStatus, GenerationStep } from '../../api/generation';
import { heard, newsOf, read } from './news';
import type { Known, News } from './news';

vi.hoisted(() => vi.stubGlobal('location', { origin: 'http://atelier.test' }));

type Heard = Exclude<News, { kind: 'reset' }>;

const step = (id: number, status: GenerationStatus, progress = 0) =>
  ({ id, status, progress, prompt: '', seed: '1', attempts: [] }) as unknown as GenerationStep;

function card(status: GenerationStatus, cursor: number, steps: GenerationStep[], more = {}) {
  const cost = { reserved: 4, charged: 0, refunded: 0 };
  const rest = { images: [], tags: [], progress: 0, problemCode: '', problem: '', cost };
  const all = { id: 7, status, steps, cursor: String(cursor), ...rest, ...more };
  return all as unknown as Generation;
}

const status = (id: number, now: GenerationStatus, charged = 0): Heard => ({
  kind: 'status',
  id,
  generation: 7,
  status: now,
  problemCode: '',
  charged,
});

const progress = (id: number, of: number, part: number, previewUrl = ''): Heard => ({
  kind: 'progress',
  id,
  generation: 7,
  step: of,
  part,
  previewUrl,
});

const waiting = () =>
  read(undefined, card('queued', 100, [step(1, 'queued'), step(2, 'queued')]), 0);
const hearAll = (known: Known, all: Heard[]) => all.reduce(heard, known);

describe('what is heard of a generation', () => {
  it('goes from waiting to made', () => {
    let known = hearAll(waiting(), [status(101, 'running'), progress(102, 1, 0.5, '/p?number=1')]);
    expect(known.shown.status).toBe('running');
    expect(known.shown.steps[0]).toMatchObject({
      status: 'running',
      progress: 0.5,
      previewUrl: '/p?number=1',
    });
    expect(known.shown.steps[1]!.status).toBe('queued');
    expect(known.shown.progress).toBe(0.25);
    known = hearAll(known, [progress(103, 1, 0.75), status(104, 'succeeded', 2)]);
    // A progress without a preview keeps the one before it.
    expect(known.parts.get(1)).toMatchObject({ part: 0.75, previewUrl: '/p?number=1' });
    expect(known.shown).toMatchObject({ status: 'succeeded', cost: { charged: 2 } });
  });

  it('says nothing new twice: the same object comes back', () => {
    const events = [status(101, 'running'), progress(102, 1, 0.5)];
    const once = hearAll(waiting(), events);
    expect(hearAll(once, events)).toBe(once);
    expect(heard(once, progress(90, 1, 0.9))).toBe(once);
    expect(heard(once, progress(103, 99, 0.9))).toBe(once);
  });

  it('comes out the same in any order', () => {
    const events = [
      status(101, 'running'),
      progress(102, 1, 0.2, '/p?number=1'),
      progress(104, 1, 0.6, '/p?number=2'),
      progress(105, 2, 0.4),
    ];
    const right = hearAll(waiting(), events).shown;
    const orders = [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1], [0, 2, 1, 3, 0, 1, 2, 3]];
    for (const order of orders) {
      expect(hearAll(waiting(), order.map((index) => events[index]!)).shown).toEqual(right);
    }
  });

  it('an end is an end, whatever comes late', () => {
    const ended = heard(waiting(), status(110, 'canceled'));
    expect(hearAll(ended, [progress(111, 1, 0.9), status(112, 'running')])).toBe(ended);
    const whole = read(ended, card('canceled', 115, [step(1, 'canceled')]), 0);
    expect(heard(whole, status(120, 'running'))).toBe(whole);
    expect(read(whole, card('running', 116, [step(1, 'running')]), 0)).toBe(whole);
  });

  it('a step that begins anew elsewhere may go back', () => {
    const known = hearAll(waiting(), [progress(101, 1, 0.9), progress(102, 1, 0.1)]);
    expect(known.shown.steps[0]!.progress).toBe(0.1);
  });
});

describe('what is read of a generation', () => {
  it('an answer holds what came before its cursor, and nothing after', () => {
    const known = hearAll(waiting(), [status(101, 'running'), status(108, 'succeeded')]);
    const between = read(known, card('running', 105, [step(1, 'running', 0.3)]), 0);
    expect(between.shown.status).toBe('succeeded');
    const after = read(known, card('succeeded', 109, [step(1, 'succeeded')]), 0);
    expect(after.shown).toBe(after.card);
  });

  it('an answer that was overtaken changes nothing', () => {
    const known = read(waiting(), card('running', 200, [step(1, 'running', 0.5)]), 0);
    expect(read(known, card('queued', 150, [step(1, 'queued')]), 0)).toBe(known);
  });

  it('keeps finer progress than SQL has, until the step ends or waits again', () => {
    const running = read(waiting(), card('running', 110, [step(1, 'running', 0.1)]), 0);
    const known = heard(running, progress(120, 1, 0.7, '/p?number=3'));
    const again = read(known, card('running', 130, [step(1, 'running', 0.1)]), 0);
    expect(again.shown.steps[0]).toMatchObject({ progress: 0.7, previewUrl: '/p?number=3' });
    const back = read(known, card('running', 131, [step(1, 'queued')]), 0);
    expect(back.shown.steps[0]).toMatchObject({ status: 'queued', progress: 0 });
    const done = read(known, card('succeeded', 132, [step(1, 'succeeded', 1)]), 0);
    expect(done.shown.steps[0]!.status).toBe('succeeded');
  });

  it('a resumed stream that tells again what an answer holds changes nothing', () => {
    const known = read(undefined, card('running', 110, [step(1, 'running', 0.5)]), 0);
    expect(hearAll(known, [status(101, 'queued'), progress(109, 1, 0.2)])).toBe(known);
    expect(heard(known, progress(111, 1, 0.6)).shown.steps[0]!.progress).toBe(0.6);
  });

  it('remembers the last guess of its end while answers come without one', () => {
    const steps = [step(1, 'running')];
    const known = read(undefined, card('running', 1, steps, { startsInS: 0, endsInS: 9 }), 5_000);
    const later = read(known, card('running', 2, steps), 7_000);
    expect(later.guess).toEqual({ at: 5_000, startsInS: 0, endsInS: 9 });
    expect(read(later, card('succeeded', 3, steps), 8_000).guess).toBeUndefined();
  });
});

describe('events as they come', () => {
  it('are read, and what is no event of ours is nothing', () => {
    const data = '{"generation":7,"step":1,"part":0.5,"previewUrl":""}';
    expect(newsOf('progress', '12', data)).toEqual(progress(12, 1, 0.5));
    expect(newsOf('reset', '13', '{}')).toMatchObject({ kind: 'reset', id: 13 });
    expect(newsOf('status', '14', '{}')).toBeUndefined();
    expect(newsOf('status', '14', 'not json')).toBeUndefined();
  });
});
