// The demo community is added with one click, marked everywhere, and removed without a trace. Its
// texts are enough to learn from what is alike, which pages and searches show.
import { strict as assert } from 'node:assert';
import { Seed } from './support/seed.mjs';

async function alike(visitor, seed) {
  const { page } = visitor;
  const [model] = (await seed.get('/models?query=paper%20lanterns')).items;
  const [image] = (await seed.get('/images?limit=1')).items;
  await seed.make('/admin/search/train', {});
  for (const path of [`/models/${model.id}/similar`, `/images/${image.id}/similar`]) {
    while ((await seed.get(path)).items.length === 0) await page.waitForTimeout(200);
  }
  await page.goto(`/models/${model.id}`);
  await page.getByRole('heading', { level: 1, name: model.name }).waitFor();
  await page.getByRole('region', { name: 'Comments' }).scrollIntoViewIfNeeded();
  const similar = page.getByRole('region', { name: 'Similar models' }).getByRole('link');
  await similar.first().waitFor();
  await similar.first().scrollIntoViewIfNeeded();
  await visitor.look('similar-models');
  const name = await similar.first().innerText();
  await similar.first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.goto(`/images/${image.id}`);
  await page.getByRole('heading', { level: 2, name: 'Comments' }).scrollIntoViewIfNeeded();
  await page.getByRole('heading', { level: 2, name: 'Similar images' }).waitFor();
  await visitor.look('similar-images');

  // No model has all of these words, but one is about them.
  await page.goto('/search?q=paper%20lanterns%20zzqqxx&in=models');
  await page.getByRole('heading', { name: 'Nothing matches all of these words' }).waitFor();
  const feed = page.getByRole('feed', { name: 'Related' });
  await feed.getByRole('link', { name: model.name }).waitFor();
  await visitor.look('related');
}

/** A hidden tag takes what carries it out of one's lists, until it is shown again. */
async function hideTag(visitor, server) {
  const { page } = visitor;
  const asked = await fetch(`http://127.0.0.1:${server.port}/api/v2/models?limit=1&sort=newest`);
  const [model] = (await asked.json()).items;
  const tag = model.tags[0];
  const card = page.getByRole('feed').getByRole('link', { name: model.name });
  await page.goto('/models?sort=newest');
  await card.first().waitFor();
  await page.goto('/settings/browsing');
  await page.getByLabel('Hide a tag').fill(tag.slice(0, 4));
  await page.getByRole('option', { name: tag }).first().click();
  await page.getByRole('cell', { name: tag }).waitFor();
  await visitor.look('hidden-tag');
  await page.goto('/models?sort=newest');
  await page.getByRole('feed').waitFor();
  await card.first().waitFor({ state: 'detached' });
  await page.goto('/settings/browsing');
  await page.getByRole('button', { name: 'Show again' }).click();
  await page.getByRole('heading', { name: 'Nothing hidden' }).waitFor();
  await page.goto('/models?sort=newest');
  await card.first().waitFor();
}

export async function play({ server, visit }) {
  const root = await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const visitor = await visit();
  const { page } = visitor;
  await visitor.signIn(root);
  await page.goto('/administration/settings');
  await page.getByRole('heading', { name: 'Demo community' }).waitFor();
  await visitor.look('settings');
  await page.getByRole('button', { name: 'Add the demo' }).click();
  await page.getByText('The demo is being made').waitFor();
  await server.settle('root');
  await page.getByRole('button', { name: 'Add the demo' }).waitFor({ state: 'detached' });
  await visitor.look('added');

  await page.goto('/models');
  const feed = page.getByRole('feed');
  await feed.getByRole('link').nth(20).waitFor();
  await visitor.look('models');
  await feed.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText('Demo', { exact: true }).first().waitFor();
  await visitor.look('model');
  await page.goto('/');
  await visitor.look('home');
  await hideTag(visitor, server);
  await alike(visitor, await Seed.of(server, 'root'));

  await page.goto('/administration/settings');
  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Remove the demo' }).click();
  await visitor.look('asked');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('The demo is being removed').waitFor();
  await server.settle('root');
  await page.getByRole('button', { name: 'Add the demo' }).waitFor();

  await page.goto('/models');
  await page.getByRole('heading', { name: 'The first model goes here' }).waitFor();
  await visitor.look('gone');
  await page.goto('/administration');
  await page.getByLabel(`Role of ${mira.username}`).waitFor();
  assert.equal(await page.getByText('Demo', { exact: true }).count(), 0);
}
