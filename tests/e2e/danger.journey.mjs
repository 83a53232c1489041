// A pickle that would run code is said to be dangerous wherever it shows, and stays a draft.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export async function play({ server, visit, models }) {
  const expected = JSON.parse(readFileSync(join(models, 'expected.json'), 'utf8'));
  const [bad] = Object.entries(expected).find(([, one]) => one.verdict === 'dangerous');
  const creator = await visit();
  const { page } = creator;
  await creator.signIn(await server.person('mira'));
  await page.goto('/upload');
  await page.getByLabel('Choose model files').setInputFiles(join(models, bad));
  await page.getByText('Loading this file can run foreign code on your machine.').waitFor();
  await creator.look('inspected');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('A dangerous file cannot be published').waitFor();
  await creator.look('refused');
  await page.getByLabel('Keep it as a draft').check();
  await page.getByRole('button', { name: 'Keep the draft' }).click();
  await page.getByText('This file is dangerous to load').waitFor();
  await page.getByRole('link', { name: 'Download anyway' }).waitFor();
  await creator.look('model');
}
