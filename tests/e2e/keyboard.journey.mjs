// Signing in, searching, uploading and publishing with the keyboard alone.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';

/** Tabs until the focused element answers to `name`; as people would, but not for ever. */
async function tabTo(page, name) {
  for (let step = 0; step < 80; step += 1) {
    const found = await page.evaluate(() => {
      const one = document.activeElement;
      if (/^(BODY|MAIN)$/.test(one?.tagName)) return '';
      const label = one?.labels?.[0]?.innerText ?? '';
      return `${one?.getAttribute('aria-label') ?? ''} ${label} ${one?.textContent ?? ''}`;
    });
    if (found.includes(name)) {
      const shown = await page.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement);
        return document.activeElement.matches(':focus-visible') && outlineStyle;
      });
      assert.ok(shown, `${name} has focus that can be seen`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${name}`);
}

/** A page that is still being drawn may lose the first press; a person presses again. */
async function choose(page, file) {
  for (let turn = 0; turn < 4; turn += 1) {
    await tabTo(page, 'Choose model files');
    const chooser = page.waitForEvent('filechooser', { timeout: 8000 }).catch(() => null);
    await page.keyboard.press('Enter');
    const shown = await chooser;
    if (shown) return shown.setFiles(file);
  }
  throw new Error('Enter never opened the file chooser');
}

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
  await choose(page, join(models, 'checkpoints/xl-base.safetensors'));
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
