// A newcomer signs up, uploads a real file, sees what it is, publishes it, and a visitor finds
// and downloads the same bytes.
import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const sha256 = (path) =>
  createHash('sha256').update(readFileSync(path)).digest('hex').toUpperCase();

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  const file = join(models, 'loras/large.safetensors');
  const creator = await visit();
  const { page } = creator;
  await page.goto('/sign-up');
  await creator.look('sign-up');
  await page.getByLabel('Email').fill('mira@example.org');
  await page.getByLabel('Username').fill('mira');
  await page.getByLabel('Password', { exact: true }).fill('walnut-etching-lamp');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('button', { name: 'Your menu' }).waitFor();

  await page.goto('/upload');
  await creator.look('upload-empty');
  await page.getByLabel('Choose model files').setInputFiles(file);
  await page.getByRole('heading', { name: 'What the tensors say' }).waitFor();
  await page.getByText('SDXL 1.0').first().waitFor();
  await page.getByRole('button', { name: 'Hashes' }).click();
  assert.equal(await page.getByText(sha256(file)).count(), 1);
  await creator.look('upload-inspected');

  await page.getByRole('button', { name: 'Go on to details' }).click();
  await page.getByLabel('Name').fill('Copperplate Etching');
  const use = page.getByRole('button', { name: 'Use this' });
  await use.waitFor();
  await creator.look('upload-details');
  await use.click();
  await page.getByLabel('Description').fill('Engraved **plates**.\n\n<script>alert(1)</script>');
  await page.getByLabel('Tags').fill('engraving');
  await page.getByLabel('Tags').press('Enter');
  await page.getByLabel('Trigger words').fill('copperplate');
  await page.getByLabel('Trigger words').press('Enter');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByLabel('Use it without naming you').uncheck();
  await creator.look('upload-permissions');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByLabel('Publish now').check();
  await creator.look('upload-publish');
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.waitForURL(/\/models\/\d+/);

  const visitor = await visit();
  const { page: other } = visitor;
  await other.goto('/models?query=copper');
  await other.getByRole('link', { name: 'Copperplate Etching' }).click();
  await other.getByRole('heading', { name: 'Copperplate Etching', level: 1 }).waitFor();
  await other.getByText('Engraved plates.').waitFor();
  await other.getByText('Name the creator when you use it').waitFor();
  await other.getByRole('button', { name: 'Copy trigger word copperplate' }).waitFor();
  await other.getByText(sha256(file)).waitFor();
  await visitor.look('model');
  await other.getByRole('button', { name: 'Browse tensors' }).click();
  await other.getByRole('region', { name: 'Tensors' }).waitFor();
  await visitor.look('tensors');
  const coming = other.waitForEvent('download');
  await other.getByRole('link', { name: /^Download \d/ }).click();
  const download = await coming;
  assert.equal(sha256(await download.path()), sha256(file));

  const phone = await visit({ phone: true });
  await phone.page.goto('/');
  await phone.page.getByRole('link', { name: 'Copperplate Etching' }).first().waitFor();
  await phone.look('home-phone');
  await phone.page.goto(new URL(other.url()).pathname);
  await phone.page.getByRole('heading', { name: 'Copperplate Etching', level: 1 }).waitFor();
  await phone.look('model-phone');
}
