/** The room that rows are fitted into; all in CSS pixels. */
export interface Room {
  width: number;
  gap: number;
  /** The height a row should have; rows come out somewhat lower or higher. */
  target: number;
}

/** Items [from, to) of a block, side by side at one height. */
export interface Row {
  from: number;
  to: number;
  /** Distance from the top of the block. */
  top: number;
  height: number;
}

export interface Layout {
  rows: Row[];
  /** With the gap below the last row, so that blocks can be stacked. */
  height: number;
}

export interface Box {
  left: number;
  width: number;
}

/** Very wide and very tall pictures are cropped in the grid, or one of them fills the window. */
export function shapeOf(width: number, height: number): number {
  if (!(width > 0) || !(height > 0)) return 1;
  return Math.min(3, Math.max(0.5, width / height));
}

const lowest = 0.5;
const highest = 1.6;

/**
 * Breaks a block of pictures (width ÷ height each) into rows that fill the width, so that the
 * heights stay near the target: the sum over the rows of r + 1 ÷ r, where r is height ÷ target, is
 * the least possible. A block is fitted by itself: what comes before or after it never moves its
 * pictures. The last row of a block that `ends` the list is not stretched.
 */
export function fitRows(shapes: ArrayLike<number>, room: Room, ends = false): Layout {
  const count = shapes.length;
  const cost = new Float64Array(count + 1).fill(Infinity);
  const start = new Int32Array(count + 1);
  cost[0] = 0;
  for (let to = 1; to <= count; to += 1) {
    let sum = 0;
    for (let from = to - 1; from >= 0; from -= 1) {
      sum += shapes[from]!;
      const ratio = heightOf(sum, to - from, room) / room.target;
      if (ratio < lowest && from < to - 1) break;
      const loose = ends && to === count && ratio > 1;
      const bad = loose ? 0 : ratio + 1 / ratio - 2;
      if (cost[from]! + bad < cost[to]!) {
        cost[to] = cost[from]! + bad;
        start[to] = from;
      }
    }
  }
  const starts: number[] = [];
  for (let to = count; to > 0; to = start[to]!) starts.push(start[to]!);
  starts.reverse();
  const rows: Row[] = [];
  let top = 0;
  for (const [index, from] of starts.entries()) {
    const to = starts[index + 1] ?? count;
    let sum = 0;
    for (let item = from; item < to; item += 1) sum += shapes[item]!;
    const full = heightOf(sum, to - from, room);
    const most = ends && to === count ? room.target : room.target * highest;
    const height = Math.max(1, Math.round(Math.min(full, most)));
    rows.push({ from, to, top, height });
    top += height + room.gap;
  }
  return { rows, height: top };
}

function heightOf(sum: number, count: number, room: Room): number {
  return Math.max(1, room.width - (count - 1) * room.gap) / sum;
}

/** Where the pictures of a row stand; whole pixels, the last one ends where the row does. */
export function boxes(row: Row, shapes: ArrayLike<number>, room: Room): Box[] {
  const count = row.to - row.from;
  const space = Math.max(1, room.width - (count - 1) * room.gap);
  let sum = 0;
  for (let item = row.from; item < row.to; item += 1) sum += shapes[item]!;
  const natural = sum * row.height;
  // A row that was not stretched is narrower than the room by more than rounding explains.
  const used = natural < space - count ? natural : space;
  const found: Box[] = [];
  let before = 0;
  for (let item = row.from; item < row.to; item += 1) {
    const place = item - row.from;
    const left = Math.round((before / sum) * used) + place * room.gap;
    before += shapes[item]!;
    const right = Math.round((before / sum) * used) + place * room.gap;
    found.push({ left, width: Math.max(1, right - left) });
  }
  return found;
}
