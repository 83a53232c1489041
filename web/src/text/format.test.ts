import { describe, expect, it } from 'vitest';
import { bytes, duration, percent, relative } from './format';

describe('bytes', () => {
  it('keeps three figures and never shows 1000 of a unit', () => {
    expect(bytes(0)).toBe('0 B');
    expect(bytes(999)).toBe('999 B');
    expect(bytes(1000)).toBe('1.00 KB');
    expect(bytes(999_949)).toBe('1.00 MB');
    expect(bytes(6_938_040_682)).toBe('6.94 GB');
    expect(bytes(144_000_000)).toBe('144 MB');
  });
});

describe('duration', () => {
  it('uses the two largest units', () => {
    expect(duration(0)).toBe('0 s');
    expect(duration(65)).toBe('1 min 5 s');
    expect(duration(3725)).toBe('1 h 2 min');
    expect(duration(200_000)).toBe('2 d 7 h');
  });
});

describe('percent', () => {
  it('reaches 100 only at the end', () => {
    expect(percent(999_999, 1_000_000)).toBe(99);
    expect(percent(1_000_000, 1_000_000)).toBe(100);
    expect(percent(1, 0)).toBe(0);
  });
});

describe('relative', () => {
  it('says the largest whole unit', () => {
    const now = new Date('2026-03-10T12:00:00Z');
    expect(relative(new Date('2026-03-10T11:59:40Z'), now)).toBe('just now');
    expect(relative(new Date('2026-03-09T12:00:00Z'), now)).toBe('yesterday');
    expect(relative(new Date('2026-03-10T15:30:00Z'), now)).toBe('in 3 hours');
  });
});
