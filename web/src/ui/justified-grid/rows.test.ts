import { describe, expect, it } from 'vitest';
import { boxes, fitRows, shapeOf } from './rows';

const room = { width: 1200, gap: 8, target: 240 };

/** Repeatable numbers in [0, 1). */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function shapes(count: number, seed = 7): number[] {
  const next = chance(seed);
  const common = [2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 16 / 9, 9 / 16];
  return Array.from({ length: count }, () => common[Math.floor(next() * common.length)]!);
}

describe('fitRows', () => {
  it('puts every picture into exactly one row, in order, and rows below each other', () => {
    for (const count of [1, 2, 5, 60, 100]) {
      const { rows, height } = fitRows(shapes(count), room);
      expect(rows[0]!.from).toBe(0);
      expect(rows.at(-1)!.to).toBe(count);
      let top = 0;
      for (const [index, row] of rows.entries()) {
        expect(row.to).toBeGreaterThan(row.from);
        if (index > 0) expect(row.from).toBe(rows[index - 1]!.to);
        expect(row.top).toBe(top);
        top += row.height + room.gap;
      }
      expect(height).toBe(top);
    }
  });

  it('fills the width with every row and keeps their heights near the target', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const some = shapes(100, seed);
      for (const row of fitRows(some, room).rows) {
        const last = boxes(row, some, room).at(-1)!;
        expect(last.left + last.width).toBe(room.width);
        expect(row.height).toBeGreaterThan(room.target * 0.7);
        expect(row.height).toBeLessThan(room.target * 1.4);
      }
    }
  });

  it('keeps the shape of a picture to within a pixel or two', () => {
    const some = shapes(100);
    for (const row of fitRows(some, room).rows) {
      for (const [index, box] of boxes(row, some, room).entries()) {
        expect(Math.abs(box.width - some[row.from + index]! * row.height)).toBeLessThan(3);
      }
    }
  });

  it('does not stretch what is left at the end of a list', () => {
    const { rows } = fitRows([1, 1], room, true);
    expect(rows).toEqual([{ from: 0, to: 2, top: 0, height: 240 }]);
    expect(boxes(rows[0]!, [1, 1], room)).toEqual([
      { left: 0, width: 240 },
      { left: 248, width: 240 },
    ]);
  });

  it('fits a picture that is wider than the room, and a room of a phone', () => {
    expect(fitRows([3], { width: 320, gap: 4, target: 180 }).rows[0]!.height).toBe(107);
    const phone = { width: 358, gap: 4, target: 150 };
    for (const row of fitRows(shapes(60), phone).rows) expect(row.height).toBeGreaterThan(70);
  });

  it('has no rows without pictures', () => {
    expect(fitRows([], room)).toEqual({ rows: [], height: 0 });
  });
});

describe('shapeOf', () => {
  it('crops extremes and survives sizes that make no sense', () => {
    expect(shapeOf(600, 400)).toBe(1.5);
    expect(shapeOf(10_000, 10)).toBe(3);
    expect(shapeOf(10, 10_000)).toBe(0.5);
    expect(shapeOf(0, 100)).toBe(1);
    expect(shapeOf(Number.NaN, 100)).toBe(1);
  });
});
