// Whole numbers of JSON may be larger than a JavaScript number holds: ComfyUI's seeds go up to
// 2^64-1. Here such a number stands in what was parsed as a text that begins with NUL, and is
// written as the same digits again.
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const whole = /^-?\d{16,}$/;

export function parseExact(text: string): unknown {
  const marked = text.replace(tokens, (token) =>
    whole.test(token) && !Number.isSafeInteger(Number(token)) ? `"\\u0000${token}"` : token,
  );
  return JSON.parse(marked);
}

export function writeExact(value: unknown): string {
  return JSON.stringify(value).replace(/"\\u0000(-?\d+)"/g, '$1');
}

/** The value of these digits: a number where one holds it. */
export function exactWhole(digits: string): number | string {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : `\u0000${digits}`;
}

/** The digits of a number that is too large, or undefined for any other value. */
export function largeDigits(value: unknown): string | undefined {
  return typeof value === 'string' && /^\0-?\d+$/.test(value) ? value.slice(1) : undefined;
}
