import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Generation, GenerationStatus } from '../../api/generation';
import { Watch } from './watch';

/** The server's side of one stream; it stands in for the browser's EventSource to break it. */
class Line extends EventTarget {
  static all: Line[] = [];
  onopen?: () => void;
  onerror?: () => void;
  closed = false;
  constructor(readonly address: string) {
    super();
    Line.all.push(this);
  }
  close() {
    this.closed = true;
  }
  say(kind: string, id: number, data: object) {
    const event = new Event(kind);
    Object.assign(event, { lastEventId: String(id), data: JSON.stringify(data) });
    this.dispatchEvent(event);
  }
  static get last(): Line {
    return Line.all.at(-1)!;
  }
}

const shared = vi.hoisted(() => {
  const rows = new Map<number, unknown>();
  const server = { rows, head: 100, down: false, out: false, asked: [] as string[] };
  vi.stubGlobal('location', { origin: 'http://atelier.test' });
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url);
    server.asked.push(url.pathname + url.search);
    if (server.out) return Response.json({ code: 'sign_in' }, { status: 401 });
    if (server.down) throw new TypeError('no network');
    const cursor = String(server.head);
    const with_ = (row: unknown) => ({ ...(row as object), cursor });
    const id = Number(/generations\/(\d+)/.exec(url.pathname)?.[1]);
    if (id) {
      return rows.has(id)
        ? Response.json(with_(rows.get(id)))
        : Response.json({ status: 404, code: 'generation_missing' }, { status: 404 });
    }
    const wanted = url.searchParams.getAll('status');
    const items = [...rows.values()]
      .map(with_)
      .filter((row) => !wanted.length || wanted.includes((row as Generation).status))
      .sort((one, other) => (other as Generation).id - (one as Generation).id);
    return Response.json({ items });
  });
  return server;
});

function row(id: number, status: GenerationStatus) {
  const image = { id: id * 10, width: 4, height: 3, key: 'k', name: 'n' };
  const images = status === 'succeeded' ? [{ image, step: id, seed: '1' }] : [];
  const steps = [{ id, status, progress: 0, attempts: [] }];
  const cost = { reserved: 1, charged: 0, refunded: 0 };
  shared.rows.set(id, { id, status, images, steps, tags: [], cost, progress: 0, problemCode: '' });
}

function end(id: number, status: GenerationStatus) {
  row(id, status);
  shared.head += 1;
  return [shared.head, { generation: id, status, problemCode: '', charged: 1 }] as const;
}

const settle = (ms = 200) => vi.advanceTimersByTimeAsync(ms);
const ids = (watch: Watch) => watch.list({}).blocks.flatMap((block) => block.ids);

describe('watch', () => {
  let stop: () => void;
  let watch: Watch;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', Line);
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
    vi.stubGlobal('navigator', { onLine: true });
    Object.assign(shared, { head: 100, down: false, out: false, asked: [] });
    shared.rows.clear();
    Line.all = [];
    row(1, 'succeeded');
    row(2, 'running');
    row(3, 'queued');
    watch = new Watch();
    stop = watch.start();
    await settle();
    Line.last.onopen?.();
    await watch.list({}).more();
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('reads, then follows from where it read', () => {
    expect([watch.ready, watch.link, watch.open]).toEqual([true, 'live', [2, 3]]);
    expect(Line.last.address).toContain('?after=100');
    expect(ids(watch)).toEqual([10]);
  });

  it('moves what ended into the history, in its place', async () => {
    Line.last.say('status', ...end(3, 'succeeded'));
    expect(watch.get(3)!.shown.status).toBe('succeeded');
    await settle();
    Line.last.say('status', ...end(2, 'failed'));
    await settle();
    expect([watch.open, ids(watch)]).toEqual([[], [30, -2, 10]]);
  });

  it('shows what another page has asked for', async () => {
    row(4, 'queued');
    Line.last.say('status', ++shared.head, { generation: 4, status: 'queued' });
    await settle();
    expect(watch.open).toEqual([2, 3, 4]);
  });

  it('resumes behind the last event after a break, and hears what it missed', async () => {
    Line.last.say('progress', 140, { generation: 2, step: 2, part: 0.5, previewUrl: '' });
    const before = Line.last;
    before.onerror?.();
    await settle(1_000);
    expect(before.closed).toBe(true);
    expect(Line.last.address).toContain('?after=140');
    Line.last.onopen?.();
    expect(watch.link).toBe('live');
    // What the stream tells again is nothing new.
    const known = watch.get(2);
    Line.last.say('progress', 140, { generation: 2, step: 2, part: 0.5, previewUrl: '' });
    expect(watch.get(2)).toBe(known);
    // A stream that was left is not heard any more.
    before.say('progress', 150, { generation: 2, step: 2, part: 0.9, previewUrl: '' });
    expect(watch.get(2)).toBe(known);
  });

  it('reads everything again after a reset', async () => {
    end(2, 'succeeded');
    row(5, 'queued');
    Line.last.say('reset', 900, {});
    await settle();
    expect([watch.open, ids(watch)]).toEqual([[3, 5], [20, 10]]);
  });

  it('asks again and again where the stream does not come, and says so', async () => {
    Line.last.onerror?.();
    await settle(1_000);
    Line.last.onerror?.();
    await settle();
    expect(watch.link).toBe('polling');
    end(2, 'succeeded');
    await settle(5_000);
    expect([watch.open, ids(watch)]).toEqual([[3], [20, 10]]);
  });

  it('says that the connection is lost, and comes back', async () => {
    shared.down = true;
    Line.last.onerror?.();
    await settle(1_000);
    Line.last.onerror?.();
    await settle();
    expect([watch.link, watch.open]).toEqual(['lost', [2, 3]]);
    shared.down = false;
    end(3, 'canceled');
    watch.retry();
    Line.last.onopen?.();
    await settle();
    expect([watch.link, watch.open, ids(watch)]).toEqual(['live', [2], [-3, 10]]);
  });

  it('one answer that did not come is forgotten with the next that does', async () => {
    shared.down = true;
    await settle(11_000);
    expect(watch.link).toBe('lost');
    shared.down = false;
    await settle(11_000);
    expect(watch.link).toBe('live');
  });

  it('asks no more when the session has ended, until somebody says so', async () => {
    shared.out = true;
    Line.last.onerror?.();
    await settle(1_000);
    Line.last.onerror?.();
    await settle();
    expect([watch.link, watch.signedOut, watch.open]).toEqual(['lost', true, [2, 3]]);
    shared.asked.length = 0;
    const streams = Line.all.length;
    await settle(60_000);
    expect([shared.asked, Line.all.length]).toEqual([[], streams]);
    shared.out = false;
    watch.retry();
    Line.last.onopen?.();
    await settle();
    expect([watch.link, watch.signedOut]).toEqual(['live', false]);
  });

  it('keeps out of sight what is to be deleted, also when it is read again', async () => {
    watch.hide(1);
    Line.last.say('reset', 900, {});
    await settle();
    expect(ids(watch)).toEqual([]);
    watch.show(1);
    expect(ids(watch)).toEqual([10]);
  });

  it('lets go of the stream when nobody looks', async () => {
    stop();
    expect(Line.last.closed).toBe(true);
    shared.asked.length = 0;
    await settle(60_000);
    expect(shared.asked).toEqual([]);
    stop = watch.start();
  });
});
