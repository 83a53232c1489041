/**
 * Browsers cap the height of a box (Chromium near 2^25 device pixels), and a million pictures are
 * higher than that. So the box on the page is never higher than `limit`; it is a segment of the
 * whole list that begins at `base`, and moves on when somebody rests near one of its ends. All
 * numbers are CSS pixels.
 */
export interface Space {
  /** Height of the whole list. */
  whole: number;
  /** Where in the list the box begins. */
  base: number;
}

export const limit = 4_000_000;

/** The height of the box. */
export function boxHeight(space: Space): number {
  return Math.min(space.whole, limit);
}

/** The space after the list became `whole` high; the box stays within it. */
export function resized(space: Space, whole: number): Space {
  return { whole, base: clampBase(space.base, whole) };
}

/**
 * The segment that shows `offset` of the list with room on both sides: where the box begins, and
 * how far into it `offset` is.
 */
export function segmentFor(space: Space, offset: number): { space: Space; inside: number } {
  const base = clampBase(offset - limit / 2, space.whole);
  return { space: { whole: space.whole, base }, inside: offset - base };
}

/** Whether a view of `height` at `inside` is so near an end of the box that it should move on. */
export function atBrink(space: Space, inside: number, height: number): boolean {
  const brink = limit / 8;
  const more = space.base + boxHeight(space) < space.whole;
  return (space.base > 0 && inside < brink) || (more && inside + height > limit - brink);
}

/** The same without a choice: less than two views are left. */
export function atEdge(space: Space, inside: number, height: number): boolean {
  const more = space.base + boxHeight(space) < space.whole;
  return (space.base > 0 && inside < 2 * height) || (more && inside > limit - 3 * height);
}

function clampBase(base: number, whole: number): number {
  return Math.max(0, Math.min(Math.round(base), whole - limit));
}
