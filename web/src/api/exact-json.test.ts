import { expect, test } from 'vitest';
import { exactWhole, largeDigits, parseExact, writeExact } from './exact-json';

test('numbers that a double cannot hold keep their digits', () => {
  const text = '{"seed":18446744073709551615,"low":-9223372036854775808,"steps":20,"cfg":7.5}';
  expect(writeExact(parseExact(text))).toBe(text);
  expect(largeDigits((parseExact(text) as { seed: unknown }).seed)).toBe('18446744073709551615');
});

test('digits in texts and fractions are left alone', () => {
  const text = '{"a":"say \\"18446744073709551615\\"","b":0.12345678901234567,"c":1e21}';
  expect(parseExact(text)).toEqual(JSON.parse(text));
});

test('what fits is a number', () => {
  expect(exactWhole('7')).toBe(7);
  expect(largeDigits(exactWhole('7'))).toBeUndefined();
  expect(writeExact([exactWhole('18446744073709551615')])).toBe('[18446744073709551615]');
});
