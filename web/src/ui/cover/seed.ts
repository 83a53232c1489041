/** FNV-1a, 32 bits. */
export function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export interface Dice {
  /** In [low, high). */
  between: (low: number, high: number) => number;
  /** Whole, in [0, count). */
  below: (count: number) => number;
  pick: <Thing>(things: readonly Thing[]) => Thing;
}

/** The same numbers for the same seed, on every machine (mulberry32). */
export function dice(seed: string): Dice {
  let state = numberOf(seed);
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  const below = (count: number) => Math.floor(next() * count);
  return {
    between: (low, high) => low + next() * (high - low),
    below,
    pick: (things) => things[below(things.length)]!,
  };
}
