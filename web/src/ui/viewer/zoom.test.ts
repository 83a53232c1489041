import { describe, expect, it } from 'vitest';
import { fit, fitted, kept, natural, zoomAt } from './zoom';

const stage = { width: 1000, height: 800 };
const picture = { width: 2000, height: 1000 };

describe('fit', () => {
  it('shrinks to the tighter side and never enlarges', () => {
    expect(fit(picture, stage)).toEqual({ width: 1000, height: 500 });
    expect(fit({ width: 300, height: 200 }, stage)).toEqual({ width: 300, height: 200 });
  });
});

describe('natural', () => {
  it('shows a pixel as a pixel, and small pictures still larger', () => {
    expect(natural(picture, stage, 1)).toBe(2);
    expect(natural({ width: 8000, height: 4000 }, stage, 2)).toBe(4);
    expect(natural({ width: 300, height: 200 }, stage, 1)).toBe(1.5);
  });
});

describe('zoomAt', () => {
  it('keeps the point under the pointer where it is', () => {
    const stand = zoomAt(fitted, 2, 100, -50);
    expect(stand).toEqual({ scale: 2, x: -100, y: 50 });
    // A point p of the picture is drawn at p·scale + offset.
    expect(100 * 2 + stand.x).toBe(100);
    const further = zoomAt(stand, 4, 30, 40);
    expect(((30 - stand.x) / 2) * 4 + further.x).toBeCloseTo(30);
  });
});

describe('kept', () => {
  it('lets no edge of the picture come inside', () => {
    expect(kept({ scale: 2, x: 9999, y: -9999 }, picture, stage, 4)).toEqual({
      scale: 2,
      x: 500,
      y: -100,
    });
    expect(kept({ scale: 1.2, x: 10, y: 80 }, picture, stage, 4)).toEqual({
      scale: 1.2,
      x: 10,
      y: 0,
    });
  });

  it('goes back to the fit below it, and no further than the most', () => {
    expect(kept({ scale: 0.4, x: 50, y: 3 }, picture, stage, 4)).toEqual(fitted);
    expect(kept({ scale: 99, x: 0, y: 0 }, picture, stage, 4).scale).toBe(4);
  });
});
