import { Problem } from '../../api/client';
import { generations, isFinal } from '../../api/generation';
import type { Generation, GenerationFilter } from '../../api/generation';
import type { Feed } from '../../ui/justified-grid/feed';
import { firstPart, historyFeed, itemsOf, matches } from './history';
import type { HistoryItem } from './history';
import { changed, heard, newsOf, read } from './news';
import type { Known } from './news';

/** How news come: by the stream, by asking again and again, or not at all. */
export type Link = 'opening' | 'live' | 'polling' | 'lost';

const waits = [500, 1_000, 2_000, 5_000, 10_000, 20_000];
const pollEvery = 4_000;
/** Beside the stream: it tells of what its own server process does. */
const checkEvery = 10_000;
const together = 120;
/** Beyond so many at a time, one list is read instead. */
const few = 4;
const guessed = 4;
const kinds = ['status', 'progress', 'reset'];

/** All that the pages know of one member's generations, kept up by the server's events. */
export class Watch {
  link: Link = 'opening';
  /** Whether the queue was read at least once; until then `error` says why not. */
  ready = false;
  error: unknown = null;
  /** What waits or runs: what runs first, then by age. */
  open: number[] = [];
  private readonly known = new Map<number, Known>();
  private readonly hidden = new Set<number>();
  private readonly watchers = new Set<() => void>();
  private readonly wanted = new Set<number>();
  private history: { key: string; filter: GenerationFilter; feed: Feed<HistoryItem> } | undefined;
  private version = 0;
  private users = 0;
  private source: EventSource | undefined;
  private after = 0;
  private failures = 0;
  private reading: ReturnType<typeof setTimeout> | undefined;
  private connecting: ReturnType<typeof setTimeout> | undefined;
  private beating: ReturnType<typeof setTimeout> | undefined;

  readonly subscribe = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Changes with anything that is not one generation's own. */
  readonly state = () => this.version;

  get(id: number): Known | undefined {
    return this.known.get(id);
  }

  /** The tags that stand on what is known. */
  tags(): string[] {
    return [...new Set([...this.known.values()].flatMap(({ card }) => card.tags))].sort();
  }

  /** Follows until what is returned is called by everybody who started. */
  readonly start = () => {
    this.users += 1;
    if (this.users === 1) void this.begin();
    return () => {
      this.users -= 1;
      if (this.users === 0) this.end();
    };
  };

  /** The ended ones of this filter; the same list while nobody asks for another. */
  list(filter: GenerationFilter): Feed<HistoryItem> {
    const key = JSON.stringify(filter);
    if (this.history?.key !== key) {
      const note = (card: Generation) => this.note(card);
      this.history = { key, filter, feed: historyFeed(filter, note) };
    }
    return this.history.feed;
  }

  /** Takes in an answer about one generation: an action's, or one that was asked for. */
  readonly put = (card: Generation) => {
    if (!this.note(card)) return;
    this.arrange();
    this.place(card.id);
    this.tell();
  };

  /** Shows a change at once; the answer or the way back comes by `put`. */
  change(id: number, change: Partial<Generation>) {
    const known = this.known.get(id);
    if (!known) return;
    this.known.set(id, changed(known, change));
    this.notify();
  }

  /** Out of sight, until `show`. */
  hide(id: number) {
    this.hidden.add(id);
    const { feed } = this.history ?? {};
    for (const item of this.itemsOf(id)) feed?.drop(item.id);
    this.arrange();
    this.tell();
  }

  show(id: number) {
    this.hidden.delete(id);
    this.place(id);
    this.arrange();
    this.tell();
  }

  /** Takes one picture out of what is shown; `card` is read again by whoever did it. */
  dropPicture(generation: number, image: number) {
    const known = this.known.get(generation);
    if (!known) return;
    const images = known.card.images.filter((one) => one.image.id !== image);
    this.history?.feed.drop(image);
    this.change(generation, { images });
  }

  /** Somebody does not want to wait for the next try. */
  readonly retry = () => {
    if (this.users === 0) return;
    this.failures = Math.min(this.failures, 1);
    this.connect();
    void this.catchUp();
  };

  readonly want = (id: number) => {
    this.wanted.add(id);
    this.reading ??= setTimeout(() => void this.readWanted(), together);
  };

  private async begin() {
    for (const name of ['online', 'offline'] as const) window.addEventListener(name, this.onLine);
    document.addEventListener('visibilitychange', this.onSight);
    // What is read says from where on its events are wanted.
    if (!this.after) await this.readOpen();
    else void this.catchUp();
    if (this.users > 0) this.connect();
    this.beat();
  }

  private end() {
    for (const name of ['online', 'offline'] as const)
      window.removeEventListener(name, this.onLine);
    document.removeEventListener('visibilitychange', this.onSight);
    for (const timer of [this.reading, this.connecting, this.beating]) clearTimeout(timer);
    this.reading = this.connecting = this.beating = undefined;
    this.source?.close();
    this.source = undefined;
    this.failures = 0;
    this.link = 'opening';
  }

  private readonly onLine = () => {
    if (navigator.onLine) this.retry();
    else this.setLink('lost');
  };

  private readonly onSight = () => {
    if (!document.hidden && this.link !== 'live') this.retry();
  };

  private connect() {
    clearTimeout(this.connecting);
    this.connecting = undefined;
    this.source?.close();
    // Not left to EventSource itself: it would resume from this address, not from what came last.
    const from = this.after;
    const source = new EventSource(`/api/v2/generations/events${from ? `?after=${from}` : ''}`);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.setLink('live');
      if (!from) void this.catchUp();
    };
    source.onerror = () => {
      if (this.source === source) this.broken();
    };
    for (const kind of kinds) {
      source.addEventListener(kind, ({ data, lastEventId }: MessageEvent<string>) => {
        if (this.source === source) this.hear(kind, lastEventId, data);
      });
    }
  }

  private broken() {
    this.source?.close();
    this.source = undefined;
    const wait = waits[Math.min(this.failures, waits.length - 1)]!;
    this.failures += 1;
    this.connecting = setTimeout(() => this.connect(), wait * (0.8 + Math.random() * 0.4));
    // One break is an ordinary thing (a restart, a proxy's limit) and is mended at once.
    if (!navigator.onLine) this.setLink('lost');
    else if (this.failures === 2) {
      clearTimeout(this.beating);
      void this.catchUp().then(() => this.beat());
    }
  }

  private beat() {
    clearTimeout(this.beating);
    if (this.users === 0) return;
    const live = this.failures < 2;
    this.beating = setTimeout(
      () => void this.check().then(() => this.beat()),
      live ? checkEvery : pollEvery,
    );
  }

  private async check() {
    if (document.hidden) return;
    if (this.failures >= 2) return this.catchUp();
    await this.readOpen();
    // How long it will take is only in answers about one.
    for (const id of this.open.slice(0, guessed)) this.want(id);
  }

  private hear(kind: string, id: string, data: string) {
    const news = newsOf(kind, id, data);
    if (!news) return;
    this.after = news.id;
    if (news.kind === 'reset') {
      void this.catchUp();
      return;
    }
    const known = this.known.get(news.generation);
    if (!known) {
      if (!this.hidden.has(news.generation)) this.want(news.generation);
      return;
    }
    const next = heard(known, news);
    if (next === known) return;
    this.known.set(news.generation, next);
    if (news.kind === 'progress') {
      this.notify();
      return;
    }
    this.want(news.generation);
    this.arrange();
    this.tell();
  }

  /** Everything again, because something may have been missed. */
  private async catchUp() {
    const read = await this.readOpen();
    if (!read || !this.history) return;
    const { feed, filter } = this.history;
    if (!feed.ready) {
      if (feed.after === 'failed') void feed.more();
      return;
    }
    try {
      const { items, nextCursor } = await firstPart(filter);
      const mine = items.filter((card) => this.note(card));
      const met = mine.some((card) => itemsOf(card).some((item) => feed.find(item.id)));
      // Nothing in common and there is more: what lies between is not known.
      if (!met && nextCursor && feed.count > 0) this.history = undefined;
      else for (const card of mine) this.place(card.id);
      this.tell();
    } catch (error) {
      this.fail(error);
    }
  }

  /** False when it could not be read. */
  private async readOpen(): Promise<boolean> {
    const before = this.open;
    const found = new Set<number>();
    try {
      let cursor: string | undefined;
      do {
        const query = { status: ['queued' as const, 'running' as const], limit: 100, cursor };
        const part = await generations.list(query);
        for (const card of part.items) if (this.note(card)) found.add(card.id);
        cursor = part.nextCursor;
      } while (cursor);
    } catch (error) {
      this.fail(error);
      return false;
    }
    const first = !this.ready;
    this.ready = true;
    this.error = null;
    if (this.failures >= 2) this.setLink('polling');
    for (const id of before) if (!found.has(id)) this.want(id);
    this.arrange();
    if (first) for (const id of this.open.slice(0, guessed)) this.want(id);
    this.tell();
    return true;
  }

  private async readWanted() {
    this.reading = undefined;
    const ids = new Set(this.wanted);
    this.wanted.clear();
    try {
      if (ids.size > few) {
        const { items } = await generations.list({ limit: 100 });
        for (const card of items) if (ids.delete(card.id)) this.put(card);
      }
      for (const id of ids) {
        const card = await generations.get(id).catch(absent);
        if (card) this.put(card);
        else this.gone(id);
        ids.delete(id);
      }
    } catch (error) {
      this.fail(error);
      if (this.users === 0 || !(error instanceof Problem && error.passing)) return;
      for (const id of ids) this.wanted.add(id);
      this.reading ??= setTimeout(() => void this.readWanted(), pollEvery);
    }
  }

  private fail(error: unknown) {
    this.error = error;
    if (this.failures >= 2 || (error instanceof Problem && error.status === 0)) {
      this.setLink('lost');
    }
    this.tell();
  }

  /** Remembers what was read; false if it is not to be shown. */
  private note(card: Generation): boolean {
    this.after ||= Number(card.cursor);
    if (this.hidden.has(card.id)) return false;
    this.known.set(card.id, read(this.known.get(card.id), card, Date.now()));
    return true;
  }

  private gone(id: number) {
    for (const item of this.itemsOf(id)) this.history?.feed.drop(item.id);
    this.known.delete(id);
    this.arrange();
    this.tell();
  }

  private itemsOf(id: number): HistoryItem[] {
    const known = this.known.get(id);
    return known ? itemsOf(known.card) : [];
  }

  /** Into the list of what has ended, if it belongs there. */
  private place(id: number) {
    const card = this.known.get(id)?.card;
    if (!card || !this.history || !matches(this.history.filter, card)) return;
    this.history.feed.place(itemsOf(card), (item) => item.generation < id);
  }

  private arrange() {
    const rank = ({ shown }: Known) => (shown.status === 'queued' ? 1 : 0);
    this.open = [...this.known.values()]
      .filter(({ card }) => !isFinal(card.status) && !this.hidden.has(card.id))
      .sort((one, other) => rank(one) - rank(other) || one.card.id - other.card.id)
      .map(({ card }) => card.id);
  }

  private setLink(link: Link) {
    if (this.link === link) return;
    this.link = link;
    this.tell();
  }

  private tell() {
    this.version += 1;
    this.notify();
  }

  private notify() {
    for (const watcher of this.watchers) watcher();
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Problem && error.status === 404) return undefined;
  throw error;
}
