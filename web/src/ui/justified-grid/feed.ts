import { useSyncExternalStore } from 'react';
import { fitRows, shapeOf } from './rows';
import type { Layout, Room } from './rows';

export interface Sized {
  id: number;
  width: number;
  height: number;
}

/** A part of a list, and how to ask for its neighbours; without a cursor there is none. */
export interface Part<Item> {
  items: Item[];
  next?: string;
  previous?: string;
}

export type Load<Item> = (cursor: string | undefined) => Promise<Part<Item>>;

/**
 * One part of the list as it was loaded. Its sizes stay, so that its place on the page stays; its
 * items are let go when they are far from sight, and are read again by the same cursor.
 */
export interface Block<Item> {
  /** Asks for this part; undefined is the start of the list. */
  cursor: string | undefined;
  ids: number[];
  shapes: Float32Array;
  items: Item[] | null;
  /** Distance from the top of the list. */
  top: number;
  layout: Layout;
  /** Holds what its cursor would not give again, so its items stay. */
  pinned?: boolean;
}

export type Side = 'idle' | 'loading' | 'failed' | 'end';

/** Blocks whose items are kept; more than any screen shows. */
const kept = 24;
const neighbours = 3;

/**
 * A list that is read in parts, in both directions from where it was entered. It is independent
 * of any page, so that coming back finds everything where it was.
 */
export class Feed<Item extends Sized> {
  readonly blocks: Block<Item>[] = [];
  after: Side = 'idle';
  before: Side = 'idle';
  error: unknown = null;
  /** The picture somebody was at; Back returns to it. */
  anchor: number | undefined;
  /** Set by who shows the list: goes to a picture that was looked at elsewhere. */
  onReturn: ((id: number) => void) | undefined;
  /** Where in the list the box on the page begins (scroll-space.ts). */
  base = 0;
  height = 0;
  count = 0;
  private next: string | undefined;
  private previous: string | undefined;
  room: Room = { width: 1200, gap: 8, target: 240 };
  private readonly load: Load<Item>;
  private readonly watchers = new Set<() => void>();
  private readonly asked = new Set<number>();
  private order: Block<Item>[] = [];
  private version = 0;

  constructor(load: Load<Item>, start?: string) {
    this.load = load;
    this.next = start;
    this.before = start === undefined ? 'end' : 'idle';
  }

  readonly subscribe = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly state = () => this.version;

  get ready(): boolean {
    return this.blocks.length > 0 || this.after === 'end';
  }

  /** Lays everything out again if the room changed. */
  fit(room: Room) {
    const { width, gap, target } = this.room;
    if (room.width === width && room.gap === gap && room.target === target) return;
    this.room = room;
    for (const block of this.blocks) block.layout = this.layoutOf(block);
    this.stack();
  }

  readonly more = async () => {
    if (this.after === 'loading' || this.after === 'end') return;
    await this.extend('after', this.next);
  };

  readonly earlier = async () => {
    if (this.before === 'loading' || this.before === 'end' || !this.blocks.length) return;
    await this.extend('before', this.previous);
  };

  /** Says that these blocks are in sight: reads what was let go, lets go what is far. */
  touch(from: number, to: number) {
    const seen = this.blocks.slice(from, to + 1);
    this.order = [...this.order.filter((one) => !seen.includes(one)), ...seen];
    while (this.order.length > kept) {
      const far = this.order.shift()!;
      if (!far.pinned) far.items = null;
    }
    for (const block of seen) if (!block.items) void this.again(block);
  }

  find(id: number): { block: number; item: number } | null {
    for (const [block, { ids }] of this.blocks.entries()) {
      const item = ids.indexOf(id);
      if (item >= 0) return { block, item };
    }
    return null;
  }

  get(id: number): Item | undefined {
    const place = this.find(id);
    return place ? this.blocks[place.block]!.items?.[place.item] : undefined;
  }

  /** The `step`th picture from `id` on; undefined when that is not loaded. */
  beside(id: number, step: number): number | undefined {
    const place = this.find(id);
    if (!place) return undefined;
    let { block, item } = place;
    item += step;
    while (item < 0 && block > 0) item += this.blocks[(block -= 1)]!.ids.length;
    while (item >= this.blocks[block]!.ids.length && block + 1 < this.blocks.length) {
      item -= this.blocks[block]!.ids.length;
      block += 1;
    }
    return this.blocks[block]!.ids[item];
  }

  /** Top and height of the row that holds `id`. */
  rowOf(id: number): { top: number; height: number } | null {
    const place = this.find(id);
    if (!place) return null;
    const block = this.blocks[place.block]!;
    const row = block.layout.rows.find((one) => place.item < one.to)!;
    return { top: block.top + row.top, height: row.height };
  }

  /** Which block is at `offset` of the list. */
  blockAt(offset: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle]!.top <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Changes what is shown of one picture. */
  patch(id: number, change: (item: Item) => Item) {
    const place = this.find(id);
    const items = place && this.blocks[place.block]!.items;
    if (!items) return;
    items[place.item] = change(items[place.item]!);
    this.tell();
  }

  /**
   * Puts in what came to be since the list was read: before the first item that `follows` it, or
   * at the end of a list that is known to its end.
   */
  place(items: Item[], follows: (item: Item) => boolean) {
    const fresh = items.filter((item) => !this.find(item.id));
    if (!fresh.length || !this.ready) return;
    let at = -1;
    let block = this.blocks.find((one) => (at = one.items?.findIndex(follows) ?? -1) >= 0);
    if (!block && this.after !== 'end') return;
    block ??= this.blocks.at(-1);
    if (!block) this.blocks.push((block = this.blockOf(undefined, [])));
    if (!block.items) return;
    if (at < 0) at = block.items.length;
    block.items = block.items.toSpliced(at, 0, ...fresh);
    block.ids.splice(at, 0, ...fresh.map((item) => item.id));
    block.shapes = Float32Array.from(block.items, (item) => shapeOf(item.width, item.height));
    block.layout = this.layoutOf(block);
    block.pinned = true;
    this.count += fresh.length;
    this.stack();
  }

  /** Takes a picture out, because it was deleted or hidden. */
  drop(id: number) {
    const place = this.find(id);
    if (!place) return;
    const block = this.blocks[place.block]!;
    this.count -= 1;
    block.ids.splice(place.item, 1);
    block.items?.splice(place.item, 1);
    block.shapes = block.shapes.filter((_, index) => index !== place.item);
    block.layout = this.layoutOf(block);
    this.stack();
  }

  private async extend(side: 'after' | 'before', cursor: string | undefined) {
    this[side] = 'loading';
    this.tell();
    let part: Part<Item>;
    try {
      part = await this.load(cursor);
    } catch (error) {
      this.error = error;
      this[side] = 'failed';
      this.tell();
      return;
    }
    const first = this.blocks.length === 0;
    if (side === 'after' || first) this.next = part.next;
    if (side === 'before' || first) this.previous = part.previous;
    if (first) this.before = part.previous === undefined ? 'end' : 'idle';
    this[side] = (side === 'after' ? part.next : part.previous) === undefined ? 'end' : 'idle';
    const items = this.unseen(part.items, side);
    if (items.length) {
      const block = this.blockOf(cursor, items);
      if (side === 'after') this.blocks.push(block);
      else this.blocks.unshift(block);
      this.order.push(block);
      this.count += items.length;
    }
    const last = this.blocks.at(-1);
    if (last && this.after === 'end') last.layout = this.layoutOf(last);
    this.stack(side === 'after' ? Math.max(0, this.blocks.length - 1) : 0);
  }

  /** A list in motion may give a picture again; the page shows it once. */
  private unseen(items: Item[], side: 'after' | 'before'): Item[] {
    const near =
      side === 'after' ? this.blocks.slice(-neighbours) : this.blocks.slice(0, neighbours);
    const known = new Set(near.flatMap((block) => block.ids));
    return items.filter((item) => !known.has(item.id) && known.add(item.id));
  }

  private blockOf(cursor: string | undefined, items: Item[]): Block<Item> {
    const shapes = Float32Array.from(items, (item) => shapeOf(item.width, item.height));
    const layout = fitRows(shapes, this.room);
    return { cursor, ids: items.map((item) => item.id), shapes, items, top: 0, layout };
  }

  private layoutOf(block: Block<Item>): Layout {
    const last = block === this.blocks.at(-1) && this.after === 'end';
    return fitRows(block.shapes, this.room, last);
  }

  private async again(block: Block<Item>) {
    const mark = block.ids[0] ?? 0;
    if (this.asked.has(mark)) return;
    this.asked.add(mark);
    try {
      const part = await this.load(block.cursor);
      const found = new Map(part.items.map((item) => [item.id, item]));
      // What left this part meanwhile is not shown any more; the place stays as it was.
      if (block.ids.every((id) => found.has(id)))
        block.items = block.ids.map((id) => found.get(id)!);
      else this.refill(block, part.items);
      this.tell();
    } catch (error) {
      this.error = error;
    } finally {
      this.asked.delete(mark);
    }
  }

  private refill(block: Block<Item>, items: Item[]) {
    const fresh = this.blockOf(block.cursor, items);
    this.count += fresh.ids.length - block.ids.length;
    block.ids = fresh.ids;
    block.shapes = fresh.shapes;
    block.items = fresh.items;
    block.layout = this.layoutOf(block);
    this.stack();
  }

  /** Puts the blocks from the `first` on below each other. */
  private stack(first = 0) {
    const before = this.blocks[first - 1];
    let top = before ? before.top + before.layout.height : 0;
    for (let index = first; index < this.blocks.length; index += 1) {
      const block = this.blocks[index]!;
      block.top = top;
      top += block.layout.height;
    }
    this.height = Math.max(0, top - this.room.gap);
    this.tell();
  }

  private tell() {
    this.version += 1;
    for (const watcher of this.watchers) watcher();
  }
}

/** Draws again whenever something of the feed changes. */
export function useFeed<Item extends Sized>(feed: Feed<Item>): Feed<Item> {
  useSyncExternalStore(feed.subscribe, feed.state);
  return feed;
}
