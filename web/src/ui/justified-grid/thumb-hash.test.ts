import { describe, expect, it } from 'vitest';
import { bytesOf, decodeThumbHash } from './thumb-hash';

/** A hash without waves: one colour all over. */
function flat(light: number, yellow: number, red: number, landscape = false): Uint8Array {
  const averages = light | (yellow << 6) | (red << 12);
  const scales = 5 | (landscape ? 1 << 15 : 0);
  return Uint8Array.from([
    averages & 255,
    (averages >> 8) & 255,
    averages >> 16,
    scales & 255,
    scales >> 8,
    ...Array.from({ length: 20 }, () => 0x77),
  ]);
}

describe('decodeThumbHash', () => {
  it('gives the shape and one colour of a flat picture', () => {
    const upright = decodeThumbHash(flat(63, 32, 32))!;
    expect([upright.width, upright.height]).toEqual([23, 32]);
    const wide = decodeThumbHash(flat(0, 32, 32, true))!;
    expect([wide.width, wide.height]).toEqual([32, 23]);
    expect(Math.min(...upright.pixels)).toBeGreaterThan(245);
    for (let at = 0; at < wide.pixels.length; at += 4) {
      expect(Math.max(wide.pixels[at]!, wide.pixels[at + 1]!, wide.pixels[at + 2]!)).toBeLessThan(
        8,
      );
      expect(wide.pixels[at + 3]).toBe(255);
    }
  });

  it('knows its colours apart', () => {
    const red = decodeThumbHash(flat(21, 32, 63))!.pixels;
    expect(red[0]).toBeGreaterThan(red[1]! + 100);
    expect(red[0]).toBeGreaterThan(red[2]! + 100);
    const blue = decodeThumbHash(flat(21, 0, 32))!.pixels;
    expect(blue[2]).toBeGreaterThan(blue[0]! + 100);
  });

  it('survives bytes that are no hash', () => {
    expect(decodeThumbHash(new Uint8Array(4))).toBeNull();
    expect(decodeThumbHash(Uint8Array.from([0, 0, 0x80, 0, 0]))).toBeNull();
    expect(decodeThumbHash(new Uint8Array(5))).not.toBeNull();
    for (let seed = 0; seed < 200; seed += 1) {
      const noise = Uint8Array.from(
        { length: 5 + (seed % 24) },
        (_, at) => (seed * 37 + at * 91) % 256,
      );
      const picture = decodeThumbHash(noise);
      if (picture) expect(picture.pixels.length).toBe(picture.width * picture.height * 4);
    }
  });
});

describe('bytesOf', () => {
  it('reads base64 and refuses what is none', () => {
    expect(bytesOf('AQID')).toEqual(Uint8Array.from([1, 2, 3]));
    expect(bytesOf('not base64!')).toBeNull();
  });
});
