// The grid: filters live in the address, the list goes on, Back comes back to the same place.
import { strict as assert } from 'node:assert';

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  await server.command('import', models);
  const visitor = await visit();
  const { page } = visitor;
  await visitor.signIn(await server.person('mira'));

  await page.goto('/models');
  const feed = page.getByRole('feed');
  await feed.getByRole('link').first().waitFor();
  await visitor.look('models');
  await page.getByRole('checkbox', { name: 'LoRA' }).check();
  await page.waitForURL(/type=LORA/);
  await page.getByRole('button', { name: /Remove filter LoRA/ }).waitFor();
  const sorted = page.waitForResponse(/sort=oldest/);
  await page.getByLabel('Sort by').selectOption('oldest');
  await sorted;
  await page.waitForURL(/sort=oldest/);
  await feed.getByRole('link').first().waitFor();
  const begin = async () => (await feed.getByRole('link').allInnerTexts()).slice(0, 20);
  const names = await begin();
  await visitor.look('filtered');
  await page.reload();
  await feed.getByRole('link').first().waitFor();
  assert.deepEqual(await begin(), names);
  await page.getByRole('button', { name: /Remove filter LoRA/ }).click();
  await page.waitForURL((url) => !url.searchParams.has('type'));

  await feed.getByRole('link').nth(30).waitFor();
  const far = feed.getByRole('link').nth(30);
  await far.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  const name = await far.innerText();
  await far.click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.goBack();
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 60, before);
  assert.ok(before > 300, 'the journey scrolled');

  await page.getByRole('button', { name: 'View' }).click();
  await page.getByRole('menuitemradio', { name: 'List' }).click();
  await page.getByRole('menuitemradio', { name: 'Page by page' }).click();
  await page.keyboard.press('Escape');
  await page.waitForURL(/view=list.*paging=pages/);
  const first = await feed.getByRole('link').first().innerText();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Page 2').waitFor();
  await visitor.look('page-2');
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText('Page 1').waitFor();
  assert.equal(await feed.getByRole('link').first().innerText(), first);

  await page.goto('/models?query=nothing-is-called-this');
  await page.getByRole('heading', { name: 'No model matches all of this' }).waitFor();
  await visitor.look('nothing');

  const phone = await visit({ phone: true });
  await phone.signIn({ email: 'mira', password: 'walnut-etching-lamp' });
  await phone.page.goto('/models');
  await phone.page.getByRole('button', { name: 'Filters' }).click();
  await phone.look('filters-phone');
  await phone.page.getByRole('dialog').getByText('Checkpoint', { exact: true }).first().click();
  await phone.page.getByRole('button', { name: 'Show results' }).click();
  await phone.page.waitForURL(/type=Checkpoint/);
  await phone.look('models-phone');
}
