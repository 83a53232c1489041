// The grid and the viewer by their keys: many images as one list and as pages, what is veiled, how
// Back finds its place, what one says of a level, and keeping a person out of sight.
import { strict as assert } from 'node:assert';
import { Seed } from './support/seed.mjs';
import { tabTo } from './support/keys.mjs';
import { picture } from './support/pictures.mjs';

const recipe =
  'a long road in autumn\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, ' +
  'Seed: 11, Size: 320x214, Model: roads';

/** Four pictures told apart by their post, then many more of the same. */
async function fill(seed) {
  const first = await seed.post({
    title: 'Roads',
    images: [
      { seed: 1, width: 320, height: 214, parameters: recipe },
      { seed: 2, width: 320, height: 214 },
      { seed: 3, width: 320, height: 214 },
      { seed: 4, width: 320, height: 214, level: 4 },
    ],
  });
  const file = await seed.upload('many.png', picture({ seed: 9, width: 96, height: 64 }));
  for (let count = 0; count < 5; count += 1) {
    await seed.post({ title: `Many ${count}`, images: Array(20).fill({ file }) });
  }
  return first;
}

async function keys(visitor, [road, second, third, bare]) {
  const { page } = visitor;
  const { keyboard } = page;
  const viewer = page.getByRole('dialog', { name: 'Image viewer' });
  const at = (id) => page.waitForURL(new RegExp(`/images/${id}$`));
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('/images?sort=oldest&username=mira');
  await page.getByRole('article').nth(4).waitFor();
  await tabTo(page, 'Image by mira');
  await keyboard.press('Enter');
  await viewer.waitFor();
  await at(road);
  await keyboard.press('j');
  await at(second);
  await keyboard.press('ArrowRight');
  await at(third);
  await keyboard.press('k');
  await at(second);
  await keyboard.press('ArrowLeft');
  await at(road);
  await viewer.getByRole('group', { name: 'Prompt', exact: true }).waitFor();
  await keyboard.press('c');
  await page.getByText('Copied the prompt').waitFor();
  await keyboard.press('Shift+C');
  await page.getByText('Copied the recipe').waitFor();
  await keyboard.press('l');
  await viewer.getByRole('button', { name: 'Like', pressed: true }).waitFor();
  await keyboard.press('l');
  await viewer.getByRole('button', { name: 'Like', pressed: false }).waitFor();
  const zoomed = () => viewer.locator('[data-zoomed]').getAttribute('data-zoomed');
  assert.equal(await zoomed(), 'false');
  await keyboard.press('i');
  await viewer.getByRole('complementary').waitFor({ state: 'hidden' });
  await keyboard.press('i');
  await viewer.getByRole('complementary').waitFor();
  await keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys of the viewer' });
  await help.waitFor();
  await visitor.look('keys');
  await keyboard.press('j');
  await keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  assert.match(page.url(), new RegExp(`/images/${road}$`), 'the help keeps the keys to itself');

  // A remix opens beside it, and leaves its keys to what is written there.
  const generator = page.getByRole('complementary', { name: 'Generator' });
  await keyboard.press('r');
  const words = generator.getByRole('textbox', { name: 'Prompt', exact: true });
  await page.waitForFunction(
    () => document.querySelector('#generator [name=prompt]')?.value === 'a long road in autumn',
  );
  await visitor.look('remix');
  await words.press('End');
  await keyboard.type(' jkl');
  assert.equal(await words.inputValue(), 'a long road in autumn jkl');
  await keyboard.press('Escape');
  await generator.waitFor({ state: 'detached' });
  await at(road);

  // What is rated R is veiled: not even asked for before somebody says so, as a neighbour neither.
  const { key } = (await (await page.request.get(`/api/v2/images/${bare}`)).json()).image;
  for (let step = 0; step < 3; step += 1) await keyboard.press('j');
  await at(bare);
  await viewer.getByText('Rated R', { exact: true }).waitFor();
  await visitor.look('veiled');
  assert.deepEqual(asked.filter((url) => url.includes(`/img/${key}`)), []);
  await viewer.getByRole('button', { name: 'Show it' }).click();
  await viewer.getByText('Rated R', { exact: true }).waitFor({ state: 'detached' });
  await visitor.look('shown');

  await viewer.getByRole('button', { name: 'Rate it' }).click();
  await page.getByRole('menuitemradio', { name: 'PG-13: suggestive' }).click();
  await page.keyboard.press('Escape');
  await viewer.getByRole('button', { name: 'Your vote' }).waitFor();
  await viewer.getByRole('button', { name: 'Your vote' }).click();
  await visitor.look('vote');
  await page.getByRole('menuitem', { name: 'Take my vote back' }).click();
  await viewer.getByRole('button', { name: 'Rate it' }).waitFor();
  await keyboard.press('Escape');
  await viewer.waitFor({ state: 'hidden' });
}

/** Rows near the window are all there is of a long list; Back comes to the picture one left. */
async function long(visitor) {
  const { page } = visitor;
  await page.goto('/images');
  await page.getByRole('article').nth(4).waitFor();
  const drawn = () => page.getByRole('article').count();
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, 700);
    if (await page.getByText('That is all').isVisible()) break;
    await page.waitForTimeout(60);
  }
  await page.getByText('That is all: 105 images').waitFor();
  assert.ok((await drawn()) < 105, 'not every row is in the page');
  await page.mouse.wheel(0, -600);
  await page.waitForURL(/at=\d+/);
  await visitor.look('end');
  const id = await page.evaluate(() => {
    const wanted = [...document.querySelectorAll('[data-id]')].find((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return top > 100 && bottom < innerHeight;
    });
    return wanted.dataset.id;
  });
  await page.locator(`[data-id="${id}"] a`).click();
  const viewer = page.getByRole('dialog', { name: 'Image viewer' });
  await viewer.waitFor();
  await page.goBack();
  await viewer.waitFor({ state: 'hidden' });
  const seen = (wanted) => {
    const box = document.querySelector(`[data-id="${wanted}"]`)?.getBoundingClientRect();
    return box && box.bottom > 0 && box.top < innerHeight && scrollY > 300;
  };
  await page.waitForFunction(seen, id);
  // By its own address and back again, too.
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Models').click();
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
  await page.goBack();
  await page.waitForFunction(seen, id);
  await page.reload();
  await page.waitForFunction(seen, id);
}

async function pages(visitor) {
  const { page } = visitor;
  await page.goto('/images');
  await page.getByRole('button', { name: 'View' }).click();
  await page.getByRole('menuitemradio', { name: 'Page by page' }).click();
  await page.keyboard.press('Escape');
  const first = page.getByRole('article').first();
  const ids = () =>
    page.getByRole('article').evaluateAll((all) => all.map((one) => one.dataset.id));
  await page.getByRole('button', { name: 'Next' }).click();
  await page.waitForURL(/page=2/);
  await first.waitFor();
  const second = await ids();
  await visitor.look('page-2');
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.waitForURL((url) => !url.searchParams.has('page'));
  await first.waitFor();
  assert.ok(!(await ids()).some((id) => second.includes(id)));
  // By its number, and with nowhere to go back to.
  await page.getByLabel('Page', { exact: true }).fill('2');
  await page.keyboard.press('Enter');
  await page.waitForURL(/page=2/);
  await page.waitForFunction((id) => document.querySelector(`[data-id="${id}"]`), second[0]);
  await page.goto('/images?paging=pages&page=2');
  await page.waitForFunction((id) => document.querySelector(`[data-id="${id}"]`), second[0]);
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.waitForURL((url) => !url.searchParams.has('page'));
  await page.goto('/images?paging=pages&page=900');
  await page.getByRole('heading', { name: 'There is no page 900' }).waitFor();
  await visitor.look('no-page');
  await page.getByRole('button', { name: 'To the first page' }).click();
  await first.waitFor();
}

/** Hidden and blocked from where one looks; taken back from there and from the settings. */
async function hide(visitor, image) {
  const { page } = visitor;
  const act = async (name) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  const undo = () => page.getByRole('button', { name: 'Undo' }).last().click();
  const theirs = page.getByRole('link', { name: 'Image by lena' });
  await page.goto('/images?sort=oldest');
  await theirs.waitFor();
  await theirs.click();
  await act('Hide this image');
  await page.getByText('Hidden', { exact: true }).waitFor();
  await theirs.waitFor({ state: 'detached' });
  await undo();
  await theirs.waitFor();
  await theirs.click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Block lena' }).waitFor();
  await visitor.look('menu');
  await page.getByRole('menuitem', { name: 'Block lena' }).click();
  await page.getByText('You and lena no longer see each other').waitFor();
  await theirs.waitFor({ state: 'detached' });
  visitor.expect(/404/);
  await page.goto(`/images/${image}`);
  await page.getByText('Nothing lives at this address').waitFor();
  await page.goto('/settings/browsing');
  await page.getByRole('button', { name: 'Unblock' }).waitFor();
  await visitor.look('hidden');
  await page.getByRole('button', { name: 'Unblock' }).click();
  await page.getByRole('heading', { name: 'Nothing hidden' }).waitFor();
  await page.goto('/images?sort=oldest');
  await theirs.waitFor();
}

export async function play({ server, visit }) {
  // More is made here at once than people are let do.
  server.environment.ATELIER_RATE_PERCENT = '1000';
  await server.end();
  await server.start();
  await server.person('root', 'administrator');
  await server.person('lena');
  await server.person('mira');
  const otto = await server.person('otto');
  const lena = await (await Seed.of(server, 'lena')).post({ title: 'Hers', images: [{ seed: 7 }] });
  const { images } = await fill(await Seed.of(server, 'mira'));
  await (await Seed.of(server, 'otto')).call('PATCH', '/me', { browsing: 7 });

  const visitor = await visit();
  await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await visitor.signIn(otto);
  await keys(visitor, images);
  await long(visitor);
  await pages(visitor);
  await hide(visitor, lena.images[0]);
}
