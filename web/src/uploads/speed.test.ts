import { describe, expect, it } from 'vitest';
import { makeSpeedometer } from './speed';

describe('speedometer', () => {
  it('measures over the last seconds only', () => {
    const speed = makeSpeedometer(5000);
    expect(speed(0, 0)).toBe(0);
    expect(speed(1_000_000, 1000)).toBe(1_000_000);
    for (let second = 2; second <= 20; second += 1) speed(1_000_000 + second * 1000, second * 1000);
    expect(speed(1_021_000, 21_000)).toBeCloseTo(1000, 0);
  });

  it('forgets when the offset falls back', () => {
    const speed = makeSpeedometer();
    speed(0, 0);
    speed(5_000_000, 1000);
    expect(speed(4_000_000, 2000)).toBe(0);
    expect(speed(5_000_000, 3000)).toBe(1_000_000);
  });
});
