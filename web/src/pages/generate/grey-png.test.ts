import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { greyPng, ofBase64, toBase64 } from './grey-png';

describe('greyPng', () => {
  it('writes one channel of 8 bits, and every pixel as it is', async () => {
    const bytes = Uint8Array.from({ length: 5 * 3 }, (_, at) => at * 17);
    const png = Buffer.from(await greyPng({ width: 5, height: 3, bytes }));
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < png.length; ) {
      const length = png.readUInt32BE(at);
      const type = png.toString('latin1', at + 4, at + 8);
      expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
      chunks.set(type, png.subarray(at + 8, at + 8 + length));
      at += length + 12;
    }
    expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect([...chunks.get('IHDR')!]).toEqual([0, 0, 0, 5, 0, 0, 0, 3, 8, 0, 0, 0, 0]);
    const rows = inflateSync(chunks.get('IDAT')!);
    expect(rows.length).toBe(6 * 3);
    for (let y = 0; y < 3; y += 1) {
      expect(rows[y * 6]).toBe(0);
      const row = [...rows.subarray(y * 6 + 1, y * 6 + 6)];
      expect(row).toEqual([...bytes.subarray(y * 5, y * 5 + 5)]);
    }
  });
});

describe('base64', () => {
  it('gives every byte back, also of long texts', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 31) & 255);
    expect(ofBase64(toBase64(bytes))).toEqual(bytes);
  });
});
