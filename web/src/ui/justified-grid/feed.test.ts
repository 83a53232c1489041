import { describe, expect, it } from 'vitest';
import { Feed } from './feed';
import type { Part, Sized } from './feed';

const size = 50;

/** A list of `count` pictures, read by cursors like the server's. */
class List {
  reads: string[] = [];
  failing = false;
  constructor(readonly count: number) {}

  readonly load = async (cursor: string | undefined): Promise<Part<Sized>> => {
    this.reads.push(cursor ?? 'start');
    if (this.failing) throw new Error('the network is down');
    const [way, at] = (cursor ?? 'from:0').split(':') as [string, string];
    const from = way === 'to' ? Math.max(0, Number(at) - size) : Number(at);
    const to = way === 'to' ? Number(at) : Math.min(this.count, from + size);
    const items = Array.from({ length: to - from }, (_, index) => {
      const id = from + index + 1;
      return { id, width: 400 + ((id * 97) % 500), height: 600 };
    });
    return {
      items,
      next: to < this.count ? `from:${to}` : undefined,
      previous: from > 0 ? `to:${from}` : undefined,
    };
  };
}

const idsOf = (feed: Feed<Sized>) => feed.blocks.flatMap((block) => block.ids);
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('feed', () => {
  it('reads forwards to the end and says so', async () => {
    const feed = new Feed(new List(120).load);
    expect(feed.ready).toBe(false);
    for (let turn = 0; turn < 5; turn += 1) await feed.more();
    expect(idsOf(feed)).toEqual(numbers(1, 120));
    expect([feed.after, feed.before, feed.count]).toEqual(['end', 'end', 120]);
  });

  it('reads in both directions from where it is entered', async () => {
    const feed = new Feed(new List(500).load, 'from:200');
    await feed.more();
    expect(feed.before).toBe('idle');
    await feed.earlier();
    await feed.more();
    expect(idsOf(feed)).toEqual(numbers(151, 300));
    for (let turn = 0; turn < 9; turn += 1) await feed.earlier();
    expect(idsOf(feed)[0]).toBe(1);
    expect(feed.before).toBe('end');
  });

  it('keeps every picture where it was when something is added before or after', async () => {
    const feed = new Feed(new List(500).load, 'from:200');
    await feed.more();
    const rows = feed.blocks[0]!.layout.rows;
    await feed.more();
    await feed.earlier();
    expect(feed.blocks[1]!.layout.rows).toEqual(rows);
    expect(feed.blocks[1]!.top).toBe(feed.blocks[0]!.layout.height);
  });

  it('lets far items go, keeps their place, and reads them again when they come near', async () => {
    const list = new List(5000);
    const feed = new Feed(list.load);
    for (let turn = 0; turn < 60; turn += 1) {
      await feed.more();
      feed.touch(turn, turn);
    }
    expect(feed.blocks[0]!.items).toBeNull();
    expect(feed.blocks.filter((block) => block.items).length).toBe(24);
    const { height } = feed;
    feed.touch(0, 1);
    await new Promise((done) => setTimeout(done));
    expect(feed.blocks[0]!.items![0]!.id).toBe(1);
    expect(feed.height).toBe(height);
    expect(list.reads.filter((read) => read === 'start').length).toBe(2);
  });

  it('tells a failure from an end, and goes on after it', async () => {
    const list = new List(120);
    const feed = new Feed(list.load);
    await feed.more();
    list.failing = true;
    await feed.more();
    expect(feed.after).toBe('failed');
    expect(feed.count).toBe(50);
    list.failing = false;
    await feed.more();
    expect([feed.after, feed.count]).toEqual(['idle', 100]);
  });

  it('shows a picture once that the list gives twice', async () => {
    const pages = [
      { items: numbers(1, 10), next: 'b' },
      { items: numbers(8, 20), next: undefined },
    ];
    const feed = new Feed<Sized>(async (cursor) => {
      const { items, next } = pages[cursor ? 1 : 0]!;
      return { items: items.map((id) => ({ id, width: 3, height: 2 })), next };
    });
    await feed.more();
    await feed.more();
    expect(idsOf(feed)).toEqual(numbers(1, 20));
  });

  it('finds neighbours across its parts', async () => {
    const feed = new Feed(new List(120).load);
    await feed.more();
    await feed.more();
    expect(feed.beside(50, 1)).toBe(51);
    expect(feed.beside(51, -1)).toBe(50);
    expect(feed.beside(1, -1)).toBeUndefined();
    expect(feed.beside(100, 1)).toBeUndefined();
    expect(feed.beside(999, 1)).toBeUndefined();
    feed.drop(50);
    expect(feed.beside(49, 1)).toBe(51);
    expect(feed.count).toBe(99);
  });

  it('finds the block at an offset, also among ten thousand', async () => {
    const feed = new Feed(new List(1_000_000).load);
    for (let turn = 0; turn < 20_000; turn += 1) await feed.more();
    expect(feed.count).toBe(1_000_000);
    expect(feed.after).toBe('end');
    for (const index of [0, 1, 9_999, 19_999]) {
      const { top, layout } = feed.blocks[index]!;
      expect(feed.blockAt(top)).toBe(index);
      expect(feed.blockAt(top + layout.height - 1)).toBe(index);
    }
    expect(feed.blockAt(feed.height + 10_000)).toBe(19_999);
  }, 60_000);

  it('takes in what came to be since, in its place, and never lets go of it', async () => {
    const list = new List(2000);
    const feed = new Feed(list.load);
    await feed.more();
    await feed.more();
    const fresh = (id: number) => ({ id, width: 400, height: 600 });
    feed.place([fresh(5001), fresh(5002), fresh(3)], (item) => item.id >= 1);
    feed.place([fresh(5003)], (item) => item.id >= 60 && item.id < 5000);
    expect(idsOf(feed).slice(0, 4)).toEqual([5001, 5002, 1, 2]);
    expect(feed.beside(60, -1)).toBe(5003);
    expect([feed.count, feed.get(5003)?.id]).toEqual([103, 5003]);
    // What is not loaded yet comes with its own part.
    feed.place([fresh(5004)], (item) => item.id > 90_000);
    expect(feed.find(5004)).toBe(null);
    for (let turn = 0; turn < 40; turn += 1) {
      await feed.more();
      feed.touch(feed.blocks.length - 1, feed.blocks.length - 1);
    }
    expect(feed.get(5001)?.id).toBe(5001);
    expect(feed.after).toBe('end');
    feed.place([fresh(5005)], () => false);
    expect(idsOf(feed).at(-1)).toBe(5005);
  });

  it('grows from nothing', async () => {
    const feed = new Feed(new List(0).load);
    await feed.more();
    feed.place([{ id: 1, width: 4, height: 3 }], () => true);
    expect([idsOf(feed), feed.count]).toEqual([[1], 1]);
    expect(feed.height).toBeGreaterThan(0);
  });
});
