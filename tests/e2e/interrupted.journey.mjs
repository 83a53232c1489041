// An upload that is paused, loses its page and then its server arrives whole all the same.
import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const size = 96 * 1024 * 1024;

/** A safetensors file of one large tensor with random content. */
function bigFile(path) {
  const tensors = { weight: { dtype: 'U8', shape: [size], data_offsets: [0, size] } };
  const header = Buffer.from(JSON.stringify(tensors));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bytes = Buffer.concat([length, header, randomBytes(size)]);
  writeFileSync(path, bytes);
  return createHash('sha256').update(bytes).digest('hex').toUpperCase();
}

/** Slows the browser's sending, so that there is time to interrupt it. */
async function slow(visitor, bytesPerSecond) {
  const session = await visitor.context.newCDPSession(visitor.page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

export async function play({ server, visit }) {
  const path = join(tmpdir(), `atelier-e2e-${process.pid}.safetensors`);
  const expected = bigFile(path);
  const creator = await visit();
  const { page } = creator;
  page.on('dialog', (dialog) => void dialog.accept());
  creator.expect(/Failed to load resource/);
  await creator.signIn(await server.person('mira'));
  await page.goto('/upload');
  await slow(creator, 24 * 1024 * 1024);
  await page.getByLabel('Choose model files').setInputFiles(path);

  await page.getByText(/left$/).waitFor();
  await creator.look('uploading');
  await page.getByRole('button', { name: /^Pause/ }).click();
  await page.getByText('Paused').waitFor();
  await creator.look('paused');
  await page.getByRole('button', { name: /^Resume/ }).click();
  await page.getByText('Uploading').waitFor();

  // A browser that knows nothing of it finds it at the server, and refuses another file for it.
  await page.getByRole('button', { name: /^Pause/ }).click();
  await page.getByText('Paused').waitFor();
  const elsewhere = await visit();
  await elsewhere.signIn({ email: 'mira', password: 'walnut-etching-lamp' });
  await elsewhere.page.goto('/upload');
  await elsewhere.page.getByRole('heading', { name: 'Unfinished uploads' }).waitFor();
  await elsewhere.look('unfinished');
  const chooser = elsewhere.page.getByLabel(/Choose the same file again/);
  await chooser.setInputFiles(new URL(import.meta.url).pathname);
  await elsewhere.page.getByText('That is another file').waitFor();
  await chooser.setInputFiles(path);
  await elsewhere.page.getByRole('button', { name: 'Hashes' }).click({ timeout: 90_000 });
  await elsewhere.page.getByText(expected).waitFor();
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await page.goto('/upload');
  await page.getByLabel('Choose model files').setInputFiles(path);
  await page.getByText(/left$/).waitFor();

  await page.reload();
  await page.getByText('Stopped when the page was closed').waitFor();
  await creator.look('orphaned');
  await slow(creator, 24 * 1024 * 1024);
  await page.getByLabel(/Choose the same file again/).setInputFiles(path);
  await page.getByText(/left$/).waitFor();

  await server.end('SIGKILL');
  await page.getByText('Connection lost, trying again').waitFor();
  await creator.look('connection-lost');
  await server.start();
  await slow(creator, -1);
  await page.getByRole('button', { name: 'Hashes' }).click({ timeout: 90_000 });
  await page.getByText(expected).waitFor();
  assert.equal(await page.getByText('Not inspected').count(), 0);
  rmSync(path);
}
