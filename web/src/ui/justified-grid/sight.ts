import type { Block, Feed, Sized } from './feed';
import { boxes } from './rows';
import type { Box, Room, Row } from './rows';

/** A picture that is to be drawn, and where; `top` counts from the start of the list. */
export interface Placed<Item> extends Box {
  id: number;
  item: Item | null;
  /** Position in the list as far as it is loaded, from 1 on. */
  position: number;
  top: number;
  height: number;
}

const known = new WeakMap<Row, Box[]>();

function boxesOf<Item>(row: Row, block: Block<Item>, room: Room): Box[] {
  let found = known.get(row);
  if (!found) known.set(row, (found = boxes(row, block.shapes, room)));
  return found;
}

/** What stands between `top` and `bottom` of the list; `extra` is drawn wherever it is. */
export function inSight<Item extends Sized>(
  feed: Feed<Item>,
  room: Room,
  top: number,
  bottom: number,
  extra?: number,
): Placed<Item>[] {
  const placed: Placed<Item>[] = [];
  const first = feed.blockAt(top);
  let position = 1;
  for (const block of feed.blocks.slice(0, first)) position += block.ids.length;
  const far = extra === undefined ? null : feed.rowOf(extra);
  for (let index = first; index < feed.blocks.length; index += 1) {
    const block = feed.blocks[index]!;
    if (block.top > bottom) break;
    for (const row of block.layout.rows) {
      const above = block.top + row.top;
      if (above + row.height >= top && above <= bottom) add(block, row, position, placed, room);
    }
    position += block.ids.length;
  }
  if (far && !placed.some((one) => one.id === extra)) {
    const place = feed.find(extra!)!;
    const block = feed.blocks[place.block]!;
    const row = block.layout.rows.find((one) => place.item < one.to)!;
    const alone: Placed<Item>[] = [];
    add(block, row, 1, alone, room);
    placed.push(...alone.filter((one) => one.id === extra));
  }
  return placed;
}

function add<Item>(
  block: Block<Item>,
  row: Row,
  position: number,
  placed: Placed<Item>[],
  room: Room,
) {
  for (const [index, box] of boxesOf(row, block, room).entries()) {
    const item = row.from + index;
    placed.push({
      id: block.ids[item]!,
      item: block.items?.[item] ?? null,
      position: position + item,
      top: block.top + row.top,
      height: row.height,
      ...box,
    });
  }
}

/** The picture above or below `from`: in the next row, nearest to its middle. */
export function nearest<Item extends Sized>(
  feed: Feed<Item>,
  room: Room,
  from: number,
  way: 'up' | 'down',
): number | undefined {
  const row = feed.rowOf(from);
  if (!row) return undefined;
  const edge = way === 'down' ? row.top + row.height + room.gap : row.top - room.gap;
  if (edge < 0 || edge > feed.height) return undefined;
  const near = inSight(feed, room, row.top - 2, row.top + 2);
  const self = near.find((one) => one.id === from);
  const around = inSight(feed, room, edge - 1, edge + 1).filter((one) => one.top !== row.top);
  const middle = self ? self.left + self.width / 2 : 0;
  const distance = (one: Box) => Math.abs(one.left + one.width / 2 - middle);
  return around.sort((one, other) => distance(one) - distance(other))[0]?.id;
}
