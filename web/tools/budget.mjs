// Fails when a first visit, or any route, needs more JavaScript than docs/TESTING.md allows.
// Sizes are gzip bytes of a chunk with everything it imports statically.
import { readFileSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
// The manifest serves only this; what is in dist/ is what the server embeds.
rmSync(new URL('.vite/', dist), { recursive: true });
const initialLimit = 180 * 1024;
const routeLimit = 300 * 1024;

function needed(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) needed(next, seen);
  return seen;
}

function weigh(keys) {
  let bytes = 0;
  for (const key of keys) {
    const file = manifest[key].file;
    if (file.endsWith('.js'))
      bytes += gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  }
  return bytes;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const initial = needed(entry);
const first = weigh(initial);
let heaviest = { key: entry, bytes: first };
for (const key of Object.keys(manifest)) {
  if (!key.startsWith('src/pages/')) continue;
  const bytes = weigh(new Set([...initial, ...needed(key)]));
  if (bytes > heaviest.bytes) heaviest = { key, bytes };
}
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(
  `initial JavaScript ${kib(first)} gzip; heaviest route ${heaviest.key} ${kib(heaviest.bytes)}`,
);
if (first > initialLimit || heaviest.bytes > routeLimit) {
  console.error(`over budget: ${kib(initialLimit)} at first, ${kib(routeLimit)} for a route`);
  process.exit(1);
}
