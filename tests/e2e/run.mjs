// Plays the journeys: `node tests/e2e/run.mjs [--report FILE] [--binary FILE] [journey…]`.
// A journey is a file *.journey.mjs that exports `play({server, visit, models})`; each runs once
// in the light and once in the dark theme, on a server of its own. Pictures of what it looked at
// and the server's log are in build/e2e.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Server } from './support/server.mjs';
import { Visitor, openBrowser } from './support/visitor.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    report: { type: 'string' },
    binary: { type: 'string', default: join(root, 'build/release/atelier') },
    theme: { type: 'string', multiple: true, default: ['light', 'dark'] },
  },
});

const wanted = (name) =>
  positionals.length === 0 || positionals.some((one) => name.startsWith(one));
const journeys = readdirSync(join(root, 'tests/e2e'))
  .filter((name) => name.endsWith('.journey.mjs') && wanted(name))
  .sort();

const models = mkdtempSync(join(tmpdir(), 'atelier-models-'));
execFileSync('python3', [join(root, 'tests/support/make_model_files.py'), models]);
const browser = await openBrowser();
const outcome = { passed: 0, failed: 0, skipped: 0, notes: [] };

async function play(journey, theme) {
  const name = `${journey.replace('.journey.mjs', '')}-${theme}`;
  const shots = join(root, 'build/e2e', name);
  rmSync(shots, { recursive: true, force: true });
  mkdirSync(shots, { recursive: true });
  const server = new Server(values.binary, join(shots, 'server.log'));
  const visitors = [];
  const visit = async (options = {}) => {
    const visitor = await Visitor.enter(browser, {
      origin: server.origin,
      theme,
      shots,
      ...options,
    });
    visitors.push(visitor);
    return visitor;
  };
  try {
    await server.start();
    const { play: run } = await import(new URL(journey, import.meta.url));
    await run({ server, visit, models });
    for (const visitor of visitors) await visitor.leave();
    outcome.passed += 1;
    console.log(`passed ${name}`);
  } catch (error) {
    outcome.failed += 1;
    outcome.notes.push(`failed: ${name}: ${String(error.message).split('\n')[0]}`);
    console.log(`failed ${name}\n${error.stack}`);
    for (const visitor of visitors) {
      await visitor.page.screenshot({ path: join(shots, 'failed.png') }).catch(() => undefined);
      if (visitor.complaints.length) console.log('the page said:', visitor.complaints);
      await visitor.context.close().catch(() => undefined);
    }
  } finally {
    await server.remove();
  }
}

for (const journey of journeys) for (const theme of values.theme) await play(journey, theme);
await browser.close();
rmSync(models, { recursive: true, force: true });
if (values.report) writeFileSync(values.report, JSON.stringify(outcome));
console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
process.exit(outcome.failed ? 1 : 0);
