import { describe, expect, it } from 'vitest';
import { numberIn } from './address';

describe('numberIn', () => {
  it('reads addresses of the kind that is collected, and bare numbers', () => {
    expect(numberIn('http://hub.local:8080/images/12', 'image')).toBe(12);
    expect(numberIn(' /models/7?version=9#files ', 'model')).toBe(7);
    expect(numberIn('31', 'post')).toBe(31);
  });
  it('takes nothing else for one', () => {
    expect(numberIn('/models/7', 'image')).toBeUndefined();
    expect(numberIn('images', 'image')).toBeUndefined();
    expect(numberIn('0', 'image')).toBeUndefined();
    expect(numberIn('', 'image')).toBeUndefined();
  });
});
