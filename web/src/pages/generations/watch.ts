import { Problem } from '../../api/client';
import { generations, isFinal } from '../../api/generation';
import type { Generation, GenerationFilter } from '../../api/generation';
import type { Feed } from '../../ui/justified-grid/feed';
import { firstPart, historyFeed, itemsOf, matches } from './history';
import type { HistoryItem } from './history';
import { changed, heard, read } from './news';
import type { Known, News } from './news';
import { Stream } from './stream';

/** How news come: by the stream, by asking again and again, or not at all. */
export type Link = 'opening' | 'live' | 'polling' | 'lost';

const pollEvery = 4_000;
/** Beside the stream: it tells of what its own server process does. */
const checkEvery = 10_000;
const together = 120;
/** Beyond so many at a time, one list is read instead. */
const few = 4;
const guessed = 4;

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
  private readonly stream = new Stream({
    onOpen: (resumed) => {
      this.setLink('live');
      if (!resumed) void this.catchUp();
    },
    onNews: (news) => this.hear(news),
    onBreak: (failures) => this.broken(failures),
  });
  private reading: ReturnType<typeof setTimeout> | undefined;
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
    this.stream.failures = Math.min(this.stream.failures, 1);
    this.error = null;
    this.stream.open();
    void this.catchUp().then(() => this.beat());
  };

  /** Asking again is of no use before somebody has signed in. */
  get signedOut(): boolean {
    return this.error instanceof Problem && this.error.status === 401;
  }

  readonly want = (id: number) => {
    this.wanted.add(id);
    this.reading ??= setTimeout(() => void this.readWanted(), together);
  };

  private async begin() {
    for (const name of ['online', 'offline'] as const) window.addEventListener(name, this.onLine);
    document.addEventListener('visibilitychange', this.onSight);
    // What is read says from where on its events are wanted.
    if (!this.stream.after) await this.readOpen();
    else void this.catchUp();
    if (this.users > 0) this.stream.open();
    this.beat();
  }

  private end() {
    for (const name of ['online', 'offline'] as const)
      window.removeEventListener(name, this.onLine);
    document.removeEventListener('visibilitychange', this.onSight);
    for (const timer of [this.reading, this.beating]) clearTimeout(timer);
    this.reading = this.beating = undefined;
    this.stream.close();
    this.stream.failures = 0;
    this.link = 'opening';
  }

  private readonly onLine = () => {
    if (navigator.onLine) this.retry();
    else this.setLink('lost');
  };

  private readonly onSight = () => {
    if (!document.hidden && this.link !== 'live') this.retry();
  };

  private broken(failures: number) {
    if (this.signedOut) this.stream.close();
    else if (!navigator.onLine) this.setLink('lost');
    // One break is an ordinary thing (a restart, a proxy's limit) and is mended at once.
    else if (failures === 2) {
      clearTimeout(this.beating);
      void this.catchUp().then(() => this.beat());
    }
  }

  private beat() {
    clearTimeout(this.beating);
    if (this.users === 0 || this.signedOut) return;
    const live = this.stream.failures < 2;
    this.beating = setTimeout(
      () => void this.check().then(() => this.beat()),
      live ? checkEvery : pollEvery,
    );
  }

  private async check() {
    if (document.hidden) return;
    if (this.stream.failures >= 2) return this.catchUp();
    await this.readOpen();
    // How long it will take is only in answers about one.
    for (const id of this.open.slice(0, guessed)) this.want(id);
  }

  private hear(news: News) {
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
    if (this.stream.failures >= 2) this.setLink('polling');
    else if (this.stream.isOpen) this.setLink('live');
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
    const unreached = error instanceof Problem && error.status === 0;
    if (this.signedOut) this.stream.close();
    if (this.stream.failures >= 2 || unreached || this.signedOut) this.setLink('lost');
    this.tell();
  }

  /** Remembers what was read; false if it is not to be shown. */
  private note(card: Generation): boolean {
    this.stream.after ||= Number(card.cursor);
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
