import { describe, expect, it } from 'vitest';
import { atBrink, atEdge, boxHeight, limit, resized, segmentFor } from './scroll-space';
import type { Space } from './scroll-space';

const view = 900;

/** Scrolls as a person does: by `step` at a time, the box moving on when it must. */
function scroll(space: Space, inside: number, step: number) {
  const bottom = boxHeight(space) - view;
  const next = Math.max(0, Math.min(bottom, inside + step));
  if (!atBrink(space, next, view)) return { space, inside: next };
  return segmentFor(space, space.base + next);
}

describe('scroll space', () => {
  it('is the list itself while it is short', () => {
    const space = resized({ whole: 0, base: 0 }, 50_000);
    expect(boxHeight(space)).toBe(50_000);
    expect(atBrink(space, 0, view)).toBe(false);
    expect(atBrink(space, 49_100, view)).toBe(false);
    expect(segmentFor(space, 20_000)).toEqual({ space, inside: 20_000 });
  });

  it('reaches both ends of a list of a million pictures, without a jump in between', () => {
    const whole = 47_654_321;
    let at = { space: { whole, base: 0 } as Space, inside: 0 };
    let before = 0;
    for (let turn = 0; turn < 10_000; turn += 1) {
      at = scroll(at.space, at.inside, 9_000);
      const offset = at.space.base + at.inside;
      expect(offset - before === 9_000 || offset === whole - view).toBe(true);
      expect(boxHeight(at.space)).toBeLessThanOrEqual(limit);
      before = offset;
    }
    expect(before).toBe(whole - view);
    for (let turn = 0; turn < 10_000; turn += 1) at = scroll(at.space, at.inside, -9_000);
    expect(at.space.base + at.inside).toBe(0);
  });

  it('knows when it must move on at once', () => {
    const space = { whole: 3 * limit, base: limit };
    expect(atEdge(space, limit / 2, view)).toBe(false);
    expect(atEdge(space, 10, view)).toBe(true);
    expect(atEdge(space, limit - view, view)).toBe(true);
    expect(atEdge({ whole: 3 * limit, base: 0 }, 10, view)).toBe(false);
    expect(atEdge({ whole: 3 * limit, base: 2 * limit }, limit - view, view)).toBe(false);
  });

  it('stays inside a list that became shorter', () => {
    expect(resized({ whole: 3 * limit, base: 2 * limit }, limit + 10).base).toBe(10);
    expect(resized({ whole: 3 * limit, base: 2 * limit }, 100).base).toBe(0);
  });
});
