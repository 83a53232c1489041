// Signing in, searching, uploading and publishing with the keyboard alone.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { chooseFiles, tabTo } from './support/keys.mjs';

export async function play({ server, visit, models }) {
  const person = await server.person('mira');
  const visitor = await visit();
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  await keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await tabTo(page, 'Sign in');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await tabTo(page, 'Email or username');
  await keyboard.type(person.email);
  await keyboard.press('Tab');
  await keyboard.type(person.password);
  await keyboard.press('Enter');
  await page.getByRole('button', { name: 'Your menu' }).waitFor();

  await keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await visitor.look('help');
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await keyboard.press('c');
  await page.waitForURL(/\/upload/);
  await chooseFiles(page, 'Choose model files', join(models, 'checkpoints/xl-base.safetensors'));
  await page.getByRole('heading', { name: 'What the tensors say' }).waitFor();
  await tabTo(page, 'Go on to details');
  await keyboard.press('Enter');
  await page.getByLabel('Name').waitFor();
  await tabTo(page, 'Save and go on');
  await keyboard.press('Enter');
  await page.getByText('What it is made to show').waitFor();
  await tabTo(page, 'Save and go on');
  await keyboard.press('Enter');
  await page.getByLabel('Publish now').waitFor();
  await page.evaluate(() => document.querySelector('main').focus());
  for (let step = 0; step < 40; step += 1) {
    await keyboard.press('Tab');
    const text = await page.evaluate(() => document.activeElement.innerText);
    const kind = await page.evaluate(() => document.activeElement.closest('ol')?.tagName);
    if (text === 'Publish now' && kind !== 'OL') break;
  }
  await keyboard.press('Enter');
  await page.waitForURL(/\/models\/\d+/);

  await keyboard.press('g');
  await keyboard.press('m');
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
  await keyboard.press('/');
  await keyboard.type('xl');
  await page.getByRole('option', { name: /Xl base/ }).waitFor();
  await visitor.look('suggestions');
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Xl base' }).waitFor();
}
