// A member watches what they asked for being made, without reloading: cancels, tries again, marks,
// narrows, deletes and takes it back, and posts two of the pictures. The pictures come from the
// painter that is built in. Beside it stands a fake backend, for what a real one cannot be made to
// do: refuse, and never answer.
import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import { Seed } from './support/seed.mjs';

// While others are made smaller, a picture is asked for again.
const soon = /status of 503/;

/** Speaks as much of OpenAI's protocol as it takes to refuse or to keep waiting. */
async function stubborn() {
  const models = { data: [{ id: 'refuses' }, { id: 'waits' }] };
  const error = { code: 'content_policy_violation', message: 'Not this one, says the rule.' };
  const server = createServer((request, reply) => {
    let text = '';
    request.on('data', (part) => (text += part));
    request.on('end', () => {
      const model = request.method === 'POST' && JSON.parse(text).model;
      if (model === 'waits') return;
      reply.writeHead(model ? 400 : 200, { 'Content-Type': 'application/json' });
      reply.end(JSON.stringify(model ? { error } : models));
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const end = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/v1`, end };
}

const queue = (page) => page.getByRole('region', { name: /^Queue/ });
const history = (page) => page.getByRole('feed', { name: 'History of generations' });
const picture = (page, words) => history(page).getByRole('link', { name: words });
const saying = (page, words) => page.getByRole('status').filter({ hasText: words });

/** Nothing yet; then something that takes a while, as it happens. */
async function watch(member, asked) {
  const { page } = member;
  await page.goto('/generations');
  await page.getByText('Your pictures will appear here').waitFor();
  await member.look('empty');
  const large = { width: 1536, height: 1536, steps: 100, quantity: 3 };
  const first = await asked({ prompt: 'a lighthouse by the sea at night', seed: 11, ...large });
  await queue(page).getByText('a lighthouse by the sea at night').waitFor();
  await page.waitForFunction(() => {
    const now = Number(document.querySelector('[role=progressbar]')?.ariaValueNow);
    return now > 0 && now < 100;
  });
  const drawn = await page.evaluate(() => {
    const track = document.querySelector('[role=progressbar]');
    const part = track.firstElementChild.getBoundingClientRect().width / track.clientWidth;
    return { says: Number(track.ariaValueNow), shows: Math.round(100 * part) };
  });
  assert.ok(Math.abs(drawn.says - drawn.shows) <= 1, `the bar is not as long as it says`);
  await queue(page).locator('img[data-preview]').first().waitFor();
  const waiting = await asked({ prompt: 'a ship in a bottle', model: { name: 'waits' } });
  const row = queue(page).getByRole('listitem').filter({ hasText: 'a ship in a bottle' });
  await row.waitFor();
  await member.look('queue');
  await row.getByRole('button', { name: 'Cancel: a ship in a bottle' }).click();
  await history(page).getByRole('button', { name: /Cancelled.*a ship in a bottle/ }).waitFor();
  await picture(page, 'a lighthouse by the sea at night').nth(2).waitFor();
  await queue(page).getByText('Nothing is queued or running.').waitFor();
  return { first: first.id, waiting: waiting.id };
}

/** Why one failed, who tried, what it cost. */
async function failure(member, asked) {
  const { page } = member;
  await asked({ prompt: 'a pane of glass', model: { name: 'refuses' } });
  const tile = history(page).getByRole('button', { name: /^Failed.*a pane of glass/ });
  await tile.waitFor();
  await tile.click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('The backend refused it under its own rules').first().waitFor();
  await drawer.getByText('generation_refused').first().waitFor();
  await drawer.getByText('Glass', { exact: true }).waitFor();
  await drawer.getByText('0 Buzz charged, 1 of 1 refunded').waitFor();
  await member.look('failure');
  await page.keyboard.press('Escape');
}

/** The same pictures again, and others of the same request. */
async function again(member, seed, asked, first) {
  const { page } = member;
  await asked({ prompt: 'a red fox in the snow', seed: 7, width: 512, height: 512 });
  const fox = picture(page, 'a red fox in the snow');
  await fox.first().waitFor();
  for (const [words, count] of [['Make it again', 2], ['Generate again with a new seed', 3]]) {
    await page.getByRole('button', { name: 'Actions: a red fox in the snow' }).first().click();
    await page.getByRole('menuitem', { name: words }).click();
    await fox.nth(count - 1).waitFor();
  }
  const { items } = await seed.get('/generations?limit=3');
  const seeds = items.map((one) => one.images[0].seed);
  assert.equal(seeds[1], '7', 'what is made again keeps its seed');
  assert.notEqual(seeds[0], '7');
  assert.ok(items.every((one) => one.id > first));
  return items.map((one) => one.id);
}

/** By keys alone: a favourite, a tag, and the list narrowed by both. */
async function narrow(member, seed, id) {
  const { page } = member;
  const fox = picture(page, 'a red fox in the snow');
  await fox.first().focus();
  await page.keyboard.press('f');
  await page.locator('[data-id] [aria-pressed=true]').waitFor();
  await page.keyboard.press('i');
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Tags').fill('winter');
  await drawer.getByLabel('Tags').press('Enter');
  await drawer.getByRole('button', { name: 'Remove winter' }).waitFor();
  await member.look('details');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Favourites', exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-id]').length === 1);
  await page.getByRole('button', { name: /Remove filter.*Favourites/ }).click();
  await page.getByRole('combobox', { name: 'Tag' }).fill('winter');
  await page.getByRole('combobox', { name: 'Tag' }).press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('[data-id]').length === 1);
  await page.waitForURL(/tag=winter/);
  await page.reload();
  await fox.first().waitFor();
  const { favourite, tags } = await seed.get(`/generations/${id}`);
  assert.deepEqual([favourite, tags], [true, ['winter']]);
  await page.getByLabel('Outcome').selectOption('failed');
  await page.getByText('No generation matches these filters').waitFor();
  await page.getByRole('button', { name: 'Clear all filters' }).click();
}

/** Deleted with a key and taken back; then for good. */
async function remove(member, seed, id) {
  const { page } = member;
  const fox = picture(page, 'a red fox in the snow');
  await fox.nth(2).waitFor();
  await fox.first().focus();
  await page.keyboard.press('x');
  await fox.nth(2).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await fox.nth(2).waitFor();
  assert.equal((await seed.get(`/generations/${id}`)).images.length, 1);
  const canceled = history(page).getByRole('button', { name: /^Cancelled/ });
  await canceled.focus();
  await page.keyboard.press('x');
  await canceled.waitFor({ state: 'detached' });
  // Who leaves has had the time to take it back.
  await page.reload();
  await fox.first().waitFor();
  for (;;) {
    const { items } = await seed.get('/generations?status=canceled');
    if (!items.length) return;
    await page.waitForTimeout(50);
  }
}

async function share(member, visit) {
  const { page } = member;
  await page.getByRole('checkbox', { name: 'Choose: a red fox in the snow' }).first().check();
  // What is chosen can still be used, and be left out again.
  const light = picture(page, 'a lighthouse by the sea at night').first();
  await light.focus();
  await page.keyboard.press('s');
  const box = page.getByRole('checkbox', { name: 'Choose: a lighthouse by the sea at night' });
  await box.first().uncheck();
  await light.focus();
  await page.keyboard.press('s');
  await page.getByRole('group', { name: 'What is chosen' }).getByText('2 pictures').waitFor();
  await member.look('chosen');
  await page.getByRole('button', { name: 'Post to gallery' }).click();
  await page.waitForURL(/\/create-post\?post=\d+/);
  const images = page.getByRole('list', { name: 'Images' }).getByRole('listitem');
  await images.nth(1).waitFor();
  await page.getByLabel('Title').fill('A fox and a light');
  await page.getByLabel('How mature are they?').selectOption('1');
  await page.getByLabel('Publish now').check();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.waitForURL(/\/posts\/\d+/);
  const stranger = await visit();
  await stranger.page.goto(new URL(page.url()).pathname);
  await stranger.page.getByRole('heading', { name: 'A fox and a light' }).waitFor();
  assert.equal(await stranger.page.getByRole('link', { name: 'Image by mira' }).count(), 2);
}

/** The server goes away and comes back: the page says so, and goes on. */
async function interrupted(member, server, asked) {
  const { page } = member;
  member.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|503/);
  await page.goto('/generations');
  await picture(page, 'a red fox in the snow').first().waitFor();
  await server.end();
  await saying(page, 'The connection was lost').waitFor();
  await member.look('lost');
  await server.start();
  await saying(page, 'The connection was lost').waitFor({ state: 'detached' });
  await asked({ prompt: 'a mountain at dawn', width: 512, height: 512 });
  await picture(page, 'a mountain at dawn').waitFor();
}

async function opened(member) {
  const { page } = member;
  await picture(page, 'a mountain at dawn').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Image viewer' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/\/images\/\d+/);
  await page.keyboard.press('Escape');
  await page.waitForURL(/\/generations/);
}

/** From a picture into the generator: beside the list, or its page where there is no room. */
async function onward(member, place) {
  const { page } = member;
  await page.getByRole('button', { name: 'Actions: a mountain at dawn' }).first().click();
  await page.getByRole('menuitem', { name: 'Create variations' }).click();
  await page.waitForURL(place);
  await page.getByText('This is your starting picture').waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Image to image' }).isChecked());
}

export async function play({ server, visit }) {
  await server.person('root', 'administrator');
  const glass = await stubborn();
  try {
    const root = await Seed.of(server, 'root');
    await root.make('/backends', { name: 'Glass', protocol: 'openai', url: glass.url });
    const member = await visit();
    member.expect(soon);
    await member.signIn(await server.person('mira'));
    const seed = await Seed.of(server, 'mira');
    // Without a name any backend may take it, also the one that refuses.
    const asked = (request) => seed.make('/generations', { model: { name: 'Sketch' }, ...request });
    const { first } = await watch(member, asked);
    await failure(member, asked);
    const [newest] = await again(member, seed, asked, first);
    await member.look('history');
    await narrow(member, seed, newest);
    await remove(member, seed, newest);
    await share(member, visit);
    await interrupted(member, server, asked);
    await opened(member);
    await onward(member, /\/generations/);
    await member.look('beside');
    await picture(member.page, 'a mountain at dawn').waitFor();

    const phone = await visit({ phone: true });
    phone.expect(soon);
    await phone.signIn({ email: 'mira@example.org', password: 'walnut-etching-lamp' });
    await phone.page.goto('/generations');
    await picture(phone.page, 'a mountain at dawn').waitFor();
    await asked({ prompt: 'a tower in the clouds', width: 1536, height: 1536, quantity: 4 });
    await queue(phone.page).getByText('a tower in the clouds').waitFor();
    await phone.look('phone');
    await phone.page.goto('/generate');
    await phone.page.getByRole('button', { name: 'Results' }).click();
    await onward(phone, /\/generate$/);
  } finally {
    glass.end();
  }
}
