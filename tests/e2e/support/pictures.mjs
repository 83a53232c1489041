// Pictures for the journeys: PNG files drawn from a seed, which say how they were made the way
// the A1111 web UI does (a tEXt chunk "parameters").
import { crc32, deflateSync } from 'node:zlib';

/** Repeatable numbers in [0, 1). */
export function chance(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** A colour by hue (turns), saturation and lightness, as three bytes. */
function colour(hue, saturation, light) {
  const part = (shift) => {
    const place = (((hue + shift) % 1) + 1) % 1;
    const wave = Math.min(1, Math.max(0, Math.abs(place * 6 - 3) - 1));
    return 255 * (light + saturation * (wave - 0.5) * (1 - Math.abs(2 * light - 1)));
  };
  return [part(0), part(2 / 3), part(1 / 3)];
}

const mix = (one, other, share) => one.map((value, at) => value + (other[at] - value) * share);

/** Hills under a sky with a sun or moon, seldom the same twice. */
function landscape(width, height, seed) {
  const next = chance(seed);
  const hue = next();
  const night = next() < 0.35;
  const top = colour(hue, 0.7, night ? 0.1 : 0.42);
  const low = colour(hue + 0.12 + next() * 0.3, 0.75, night ? 0.34 : 0.8);
  const sun = { x: width * (0.2 + 0.6 * next()), y: height * (0.22 + 0.25 * next()) };
  const radius = Math.min(width, height) * (0.07 + 0.09 * next());
  const glow = colour(hue + 0.1, 0.5, 0.93);
  const far = hue + 0.5 * next();
  const layers = Array.from({ length: 5 }, (_, layer) => ({
    base: height * (0.48 + 0.11 * layer + 0.03 * next()),
    tone: colour(far + 0.03 * layer, 0.45, (night ? 0.22 : 0.5) * (1 - layer / 5.5)),
    waves: Array.from({ length: 4 }, (_, wave) => ({
      size: (height * (0.06 + 0.07 * next())) / (wave + 1),
      pace: ((wave + 1) * (1.5 + 3 * next())) / width,
      start: 7 * next(),
    })),
  }));
  const bytes = Buffer.alloc((width * 3 + 1) * height);
  const ridges = layers.map(({ base, waves }) =>
    Float64Array.from({ length: width }, (_, x) =>
      waves.reduce((sum, wave) => sum + wave.size * Math.sin(x * wave.pace + wave.start), base),
    ),
  );
  for (let y = 0; y < height; y += 1) {
    let at = y * (width * 3 + 1) + 1;
    for (let x = 0; x < width; x += 1) {
      let pixel = mix(top, low, Math.min(1, (y / height) * 1.6));
      const distance = Math.hypot(x - sun.x, y - sun.y) / radius;
      pixel = mix(pixel, glow, distance < 1 ? 0.96 : 0.7 / (1 + (distance - 1) ** 1.3 * 2.4));
      for (const [layer, ridge] of ridges.entries()) {
        if (y < ridge[x]) continue;
        const depth = Math.min(1, (y - ridge[x]) / (height * 0.3));
        pixel = mix(mix(layers[layer].tone, low, 0.42 - 0.09 * layer), layers[layer].tone, depth);
      }
      const grain = ((x * 73856093) ^ (y * 19349663)) & 7;
      for (const value of pixel) bytes[at++] = Math.max(0, Math.min(255, value + grain - 3));
    }
  }
  return bytes;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** The bytes of a PNG; `parameters` is its recipe, if it has one, `texts` are more by name. */
export function picture({ width = 640, height = 640, seed = 1, parameters, texts = {} } = {}) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const parts = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head)];
  const all = { ...(parameters && { parameters }), ...texts };
  for (const [name, text] of Object.entries(all)) {
    parts.push(chunk('tEXt', Buffer.from(`${name}\0${text}`, 'latin1')));
  }
  parts.push(chunk('IDAT', deflateSync(landscape(width, height, seed), { level: 4 })));
  parts.push(chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(parts);
}
