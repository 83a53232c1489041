// Finding things: by the field of the top bar with the keyboard alone, and on the page of search
// with its facets; a misspelt word, a faulty query, and a search that is not to be had.
import { strict as assert } from 'node:assert';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `/`, some letters, and the arrows through what was found. */
async function quickly(visitor) {
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto('/images');
  await page.getByRole('heading', { level: 1, name: 'Images' }).waitFor();
  await keyboard.press('/');
  await page.getByText('as you type').waitFor();
  await keyboard.type('xl ba');
  const option = page.getByRole('option', { name: /xl-base/ });
  await option.waitFor();
  await visitor.look('quick');
  await keyboard.press('ArrowDown');
  assert.equal(await option.getAttribute('aria-selected'), 'true');
  await keyboard.press('Escape');
  await option.waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('combobox', { name: 'Search' }).inputValue(), 'xl ba');
  await keyboard.press('ArrowDown');
  await option.waitFor();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'xl-base' }).waitFor();

  // What was looked for is offered again, and Enter without a choice leads to the page.
  await keyboard.press('Control+k');
  await page.getByRole('option', { name: 'xl ba' }).waitFor();
  await visitor.look('recent');
  await keyboard.type('lora');
  await page.getByRole('option', { name: /All results/ }).waitFor();
  await keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=lora$/);
  await page.getByRole('heading', { level: 1, name: 'lora' }).waitFor();
}

/** Facets, chips, and Back to where one was. */
async function thoroughly(visitor) {
  const { page } = visitor;
  const feed = page.getByRole('feed', { name: 'Models' });
  await feed.getByRole('link').first().waitFor();
  await visitor.look('everything');
  await page.getByRole('link', { name: /^Models/ }).last().click();
  await page.waitForURL(/in=models/);
  await page.getByLabel('Filters').getByRole('checkbox').first().waitFor();
  const facet = page.getByRole('group', { name: 'Base model' });
  const tab = page.getByRole('navigation', { name: 'Kinds' }).locator('[aria-current=page] span');
  const before = Number(await tab.innerText());
  const box = facet.getByRole('checkbox').first();
  const name = await box.getAttribute('aria-label');
  const count = Number(await facet.locator('[id$="-' + name + '"]').innerText());
  assert.ok(count > 0 && count < before, `${count} of ${before} are for ${name}`);
  await box.check();
  await page.getByText(new RegExp(`That is all: ${count} results|the only result`)).waitFor();
  await page.getByRole('button', { name: `Remove filter ${name}` }).waitFor();
  await page.getByLabel('Sort by').selectOption('oldest');
  await page.waitForURL(/sort=oldest/);
  await page.locator('[aria-busy=false][role=feed]').waitFor();
  await visitor.look('narrowed');
  const last = feed.getByRole('link').last();
  await last.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => scrollY > 0);
  const title = await last.innerText();
  await last.click();
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: `Remove filter ${name}` }).waitFor();
  await page.waitForFunction((text) => {
    const links = [...document.querySelectorAll('[role=feed] a')];
    const place = links.find((link) => link.innerText === text)?.getBoundingClientRect();
    return place && place.bottom > 0 && place.top < innerHeight;
  }, title);
  await page.getByRole('button', { name: `Remove filter ${name}` }).click();
  await page.waitForURL((url) => !url.searchParams.has('baseModel'));

  await page.getByRole('button', { name: 'Saved' }).click();
  await page.getByRole('menuitem', { name: 'Save this search' }).click();
  await page.getByLabel('Name').fill('My loras');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.goto('/search');
  await page.getByRole('heading', { name: 'How to search' }).waitFor();
  await visitor.look('start');
  await page.getByRole('link', { name: 'My loras' }).click();
  await page.waitForURL(/q=lora&in=models&sort=oldest/);
}

/** Words that are not quite right, and a query that is none. */
async function wrongly(visitor) {
  const { page } = visitor;
  await page.goto('/search?q=chekpoint&in=models');
  await page.getByText('Showing results for').waitFor();
  await page.getByText('checkpoint', { exact: true }).first().waitFor();
  await visitor.look('corrected');
  await page.goto('/search?q=nothingiscalledthis');
  await page.getByRole('heading', { name: 'Nothing matches all of these words' }).waitFor();

  visitor.expect(/400 \(Bad Request\)/);
  await page.goto('/search?q=lora%20%22open%20hash:xyz');
  await page.getByRole('heading', { name: 'This search cannot be read' }).waitFor();
  await page.getByText('Character 6: This quotation mark is not closed.').waitFor();
  assert.equal(await page.locator('pre mark').innerText(), '"');
  await visitor.look('faulty');
}

/** The index is gone while the server was away: it says so, and never that there is nothing. */
async function without(visitor, server) {
  const { page } = visitor;
  await server.end();
  const folder = join(server.data, 'search');
  assert.ok(readdirSync(folder).length > 0);
  rmSync(folder, { recursive: true });
  // A file where the folder should be: no index can be written.
  writeFileSync(folder, '');
  await server.start();
  visitor.expect(/503 \(Service Unavailable\)/);
  await page.goto('/search?q=xl&in=models');
  await page.getByText('This is a simple list').waitFor();
  await page.getByRole('feed').getByRole('link', { name: 'xl-base' }).waitFor();
  await visitor.look('plain');
  await page.goto('/search?q=xl&in=models&type=Checkpoint');
  await page.getByRole('heading', { name: 'Search is unavailable' }).waitFor();
  await visitor.look('unavailable');
  await page.keyboard.press('/');
  await page.keyboard.type('base:sdxl');
  await page.getByRole('alert').getByText('Search is unavailable').waitFor();
  await visitor.look('quick-unavailable');
  await server.end();
  rmSync(folder);
  mkdirSync(folder);
  await server.start();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('feed').getByRole('link', { name: 'xl-base' }).waitFor();
}

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  await server.command('import', models);
  await server.settle('root');
  const visitor = await visit();
  await visitor.signIn(await server.person('mira'));
  await quickly(visitor);
  await thoroughly(visitor);
  await wrongly(visitor);

  const phone = await visit({ phone: true });
  await phone.signIn({ email: 'mira', password: 'walnut-etching-lamp' });
  await phone.page.goto('/search?q=lora&in=models');
  await phone.page.getByRole('feed').getByRole('link').first().waitFor();
  await phone.look('phone');
  await phone.page.getByRole('button', { name: 'Filters' }).click();
  await phone.page.getByRole('dialog').getByRole('checkbox').first().waitFor();
  await phone.look('phone-filters');
  await phone.page.getByRole('button', { name: 'Show results' }).click();
  await phone.page.getByRole('combobox', { name: 'Search' }).fill('xl');
  await phone.page.getByRole('option', { name: /xl-base/ }).waitFor();
  await phone.look('phone-quick');

  await without(visitor, server);
}
