/** A tiny picture: RGBA, four bytes a pixel. */
export interface TinyPicture {
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

interface Channel {
  constant: number;
  /** Columns and rows of the triangle of cosine factors that is kept. */
  columns: number;
  rows: number;
  factors: number[];
}

const side = 32;

/**
 * The picture that a ThumbHash stands for (format: https://evanw.github.io/thumbhash/): a header
 * with the averages and scales of luminance, two colour differences and maybe alpha, then the
 * factors of a cosine transform as half-bytes, low half first. Null for bytes that are no hash.
 */
export function decodeThumbHash(hash: Uint8Array): TinyPicture | null {
  if (hash.length < 5) return null;
  const averages = hash[0]! | (hash[1]! << 8) | (hash[2]! << 16);
  const scales = hash[3]! | (hash[4]! << 8);
  const alpha = averages >> 23 !== 0;
  const landscape = scales >> 15 !== 0;
  if (alpha && hash.length < 6) return null;
  const long = alpha ? 5 : 7;
  const short = Math.max(3, scales & 7);
  const columns = landscape ? long : short;
  const rows = landscape ? short : long;

  let place = (alpha ? 6 : 5) * 2;
  function channel(constant: number, scale: number, columns: number, rows: number): Channel {
    const factors: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      for (let column = row ? 0 : 1; column * rows < columns * (rows - row); column += 1) {
        const pair = hash[place >> 1];
        // A missing half-byte counts as none of this wave.
        const half = pair === undefined ? 7.5 : (pair >> ((place & 1) * 4)) & 15;
        factors.push((half / 7.5 - 1) * scale);
        place += 1;
      }
    }
    return { constant, columns, rows, factors };
  }

  const light = channel((averages & 63) / 63, ((averages >> 18) & 31) / 31, columns, rows);
  const colour = (at: number, scale: number) =>
    channel(((averages >> at) & 63) / 31.5 - 1, (scale / 63) * 1.25, 3, 3);
  const yellow = colour(6, (scales >> 3) & 63);
  const red = colour(12, (scales >> 9) & 63);
  const veil = alpha ? channel((hash[5]! & 15) / 15, (hash[5]! >> 4) / 15, 5, 5) : null;

  const shape = columns / rows;
  const width = Math.round(shape > 1 ? side : side * shape);
  const height = Math.round(shape > 1 ? side / shape : side);
  const pixels = new Uint8ClampedArray(width * height * 4);
  const across = waves(width, Math.max(columns, 5));
  const down = waves(height, Math.max(rows, 5));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = (one: Channel) => sample(one, across[x]!, down[y]!);
      const l = value(light);
      const b = l - (2 / 3) * value(yellow);
      const q = value(red);
      const r = (3 * l - b + q) / 2;
      const at = (y * width + x) * 4;
      pixels[at] = r * 255;
      pixels[at + 1] = (r - q) * 255;
      pixels[at + 2] = b * 255;
      pixels[at + 3] = veil ? value(veil) * 255 : 255;
    }
  }
  return { width, height, pixels };
}

/** cos(π / size · (place + ½) · wave) for each place and wave. */
function waves(size: number, count: number): number[][] {
  return Array.from({ length: size }, (_, place) =>
    Array.from({ length: count }, (_, wave) => Math.cos((Math.PI / size) * (place + 0.5) * wave)),
  );
}

function sample({ constant, columns, rows, factors }: Channel, across: number[], down: number[]) {
  let value = constant;
  let place = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = row ? 0 : 1; column * rows < columns * (rows - row); column += 1) {
      value += factors[place]! * across[column]! * down[row]! * 2;
      place += 1;
    }
  }
  return value;
}

/** Bytes of a base64 text; null if it is none. */
export function bytesOf(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
