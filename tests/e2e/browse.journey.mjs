// The grid: filters live in the address, the list goes on, Back comes back to the same place.
import { strict as assert } from 'node:assert';

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  await server.command('import', models);
  // Inspection corrects what the import guessed, so the list moves until it is done.
  await server.settle('root');
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
  const name = await far.innerText();
  await far.click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.goBack();
  // The item is in sight again, without anybody scrolling to it.
  await feed.getByRole('link').nth(30).waitFor();
  await page.waitForFunction((text) => {
    const links = [...document.querySelectorAll('[role=feed] a')];
    const place = links.find((link) => link.innerText === text)?.getBoundingClientRect();
    return place && place.bottom > 0 && place.top < innerHeight && scrollY > 300;
  }, name);

  await page.getByRole('button', { name: 'View' }).click();
  await page.getByRole('menuitemradio', { name: 'List', exact: true }).click();
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
  await page.getByRole('heading', { name: 'No model matches these filters' }).waitFor();
  await visitor.look('nothing');

  const phone = await visit({ phone: true });
  await phone.signIn({ email: 'mira', password: 'walnut-etching-lamp' });
  await phone.page.goto('/models');
  await phone.page.getByRole('button', { name: 'Filters' }).click();
  await phone.look('filters-phone');
  const sheet = phone.page.getByRole('dialog');
  await sheet.getByRole('checkbox', { name: 'Checkpoint', exact: true }).press(' ');
  await phone.page.getByRole('button', { name: 'Show results' }).click();
  await phone.page.waitForURL(/type=Checkpoint/);
  await phone.look('models-phone');
}
