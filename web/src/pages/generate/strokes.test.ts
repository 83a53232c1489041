import { describe, expect, it } from 'vitest';
import { did, greyOf, nothingDone, redone, shareOf, undone } from './strokes';

const all = { kind: 'everything' } as const;
const none = { kind: 'clear' } as const;

describe('the history of a mask', () => {
  it('goes back and forth, and never past its ends', () => {
    const two = did(did(nothingDone, all), none);
    expect(two.done).toBe(2);
    expect(undone(undone(undone(two))).done).toBe(0);
    expect(redone(redone(undone(two))).done).toBe(2);
  });

  it('forgets what was undone once something else is done', () => {
    const other = did(undone(did(did(nothingDone, all), none)), { kind: 'invert' });
    expect(other.deeds.map((deed) => deed.kind)).toEqual(['everything', 'invert']);
    expect(redone(other)).toEqual(other);
  });
});

describe('what becomes of the canvas', () => {
  it('is its alpha, whatever the colour', () => {
    const grey = greyOf([9, 9, 9, 255, 200, 0, 0, 0, 1, 2, 3, 51, 0, 0, 0, 204]);
    expect([...grey]).toEqual([255, 0, 51, 204]);
    expect(shareOf(grey)).toBeCloseTo(0.5, 5);
    expect(shareOf(new Uint8Array())).toBe(0);
  });
});
