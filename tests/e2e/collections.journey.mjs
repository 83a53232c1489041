// Collections: begun, filled from where one looks, tidied, shared with others who propose and put
// in, followed, bookmarked, and deleted.
import { strict as assert } from 'node:assert';
import { Seed } from './support/seed.mjs';
import { tabTo } from './support/keys.mjs';

/** Puts what is on the page into a collection by its name. */
async function collect(page, name) {
  await page.getByRole('button', { name: 'Collect' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add to a collection' });
  await dialog.getByRole('checkbox', { name }).click();
  await dialog.getByRole('checkbox', { name, checked: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

const things = (page) => page.getByRole('list', { name: 'What is in it' }).getByRole('listitem');

async function begin(visitor) {
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto('/collections');
  await page.getByRole('heading', { name: 'No collection here yet' }).waitFor();
  await tabTo(page, 'New collection', true);
  await keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'New collection' }).waitFor();
  await tabTo(page, 'Name', true);
  await keyboard.type('Night pieces');
  await visitor.look('new');
  await tabTo(page, 'Create collection', true);
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Night pieces' }).waitFor();
  await page.getByRole('heading', { name: 'Nothing in it yet' }).waitFor();
  return Number(/\/collections\/(\d+)/.exec(page.url())[1]);
}

async function tidy(visitor, id, images) {
  const { page } = visitor;
  for (const image of images) {
    await page.goto(`/images/${image}`);
    await collect(page, 'Night pieces');
  }
  await page.goto(`/collections/${id}`);
  await page.getByRole('article').nth(2).waitFor();
  const order = () =>
    page.getByRole('article').evaluateAll((all) => all.map((one) => Number(one.dataset.id)));
  assert.deepEqual(await order(), images.toReversed(), 'the newest in it comes first');
  await visitor.look('filled');
  // The viewer goes from one to the next of the collection.
  await page.getByRole('article').first().getByRole('link').click();
  await page.getByRole('dialog', { name: 'Image viewer' }).waitFor();
  await page.keyboard.press('j');
  await page.waitForURL(new RegExp(`/images/${images[1]}$`));
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Organise' }).click();
  await things(page).nth(2).waitFor();
  await things(page).nth(1).getByRole('button', { name: 'as the cover' }).click();
  await things(page).nth(1).getByRole('button', { pressed: true }).waitFor();
  await visitor.look('tidy');
  await things(page).nth(0).getByRole('button', { name: 'Remove' }).click();
  await things(page).nth(2).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await things(page).nth(2).waitFor();
  await things(page).nth(0).getByRole('button', { name: 'Remove' }).click();
  await things(page).nth(2).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('article').nth(1).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[data-id]').length === 2);
}

/** Others propose, its owner decides; a contributor puts in at once. */
async function share(visitor, other, helper, id, images) {
  const { page } = visitor;
  const edit = async (item) => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await edit('Edit');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description').fill('After sunset only.');
  await dialog.getByLabel('Who can add to it').selectOption('Review');
  await visitor.look('edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('After sunset only.').waitFor();
  await edit('Contributors');
  await dialog.getByText('Only the owner so far.').waitFor();
  await dialog.getByLabel('Username').fill('nobody-here');
  visitor.expect(/404/);
  await dialog.getByRole('button', { name: 'Add contributor' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Username').fill('nina');
  await dialog.getByRole('button', { name: 'Add contributor' }).click();
  await dialog.getByLabel('Role of nina').waitFor();
  await visitor.look('contributors');
  await page.keyboard.press('Escape');

  const theirs = other.page;
  await theirs.goto(`/collections/${id}`);
  await theirs.getByRole('button', { name: 'Add items' }).click();
  const proposal = theirs.getByRole('dialog', { name: 'Add to Night pieces' });
  await proposal.getByLabel('Address of an image').fill('/models/1');
  await proposal.getByText('This is not an address of that kind.').waitFor();
  await proposal.getByLabel('Address of an image').fill(`${theirs.url()}/../images/${images[3]}`);
  await other.look('propose');
  await proposal.getByRole('button', { name: 'Add' }).click();
  await theirs.getByText('Sent to the owner for approval').waitFor();
  await helper.page.goto(`/images/${images[4]}`);
  await collect(helper.page, 'Night pieces');
  await helper.page.getByText('Added', { exact: true }).waitFor();

  await page.reload();
  const waiting = page.getByRole('region', { name: 'Waiting for your approval' });
  await waiting.waitFor();
  await visitor.look('waiting');
  await page.getByRole('button', { name: 'Accept' }).click();
  await waiting.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByRole('article').nth(3).waitFor();
}

async function follow(other, id) {
  const { page } = other;
  await page.goto(`/collections/${id}`);
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await page.getByRole('button', { name: 'Following' }).waitFor();
  await page.getByText('1 follower').waitFor();
  await page.goto('/collections?show=followed');
  await page.getByRole('link', { name: 'Night pieces' }).waitFor();
  await other.look('followed');
}

/** Bookmarks are a collection that is there when it is first used, and stays private. */
async function bookmark(other, post) {
  const { page } = other;
  await page.goto(`/posts/${post}`);
  await collect(page, 'Bookmarks');
  await page.getByRole('button', { name: 'Collect', pressed: true }).waitFor();
  await page.goto('/collections?show=mine');
  await page.getByRole('link', { name: 'Bookmarks' }).click();
  await page.getByRole('link', { name: 'Nights' }).waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').waitFor();
  assert.equal(await dialog.getByLabel('Visible to').count(), 0);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await other.look('bookmarks');
}

export async function play({ server, visit }) {
  await server.person('root', 'administrator');
  await server.person('mira');
  const seed = await Seed.of(server, 'mira');
  const drawn = [1, 2, 3, 4, 5].map((one) => ({ seed: one, width: 96 + 16 * one, height: 96 }));
  const { id: post, images } = await seed.post({ title: 'Nights', images: drawn });

  const visitor = await visit();
  await visitor.signIn(await server.person('otto'));
  const id = await begin(visitor);
  await tidy(visitor, id, images.slice(0, 3));
  const other = await visit();
  await other.signIn(await server.person('pia'));
  const helper = await visit();
  await helper.signIn(await server.person('nina'));
  await share(visitor, other, helper, id, images);
  await follow(other, id);
  await bookmark(other, post);

  const { page } = visitor;
  await page.goto('/collections?show=mine');
  await page.getByRole('link', { name: 'Night pieces' }).waitFor();
  await visitor.look('mine');
  await page.getByRole('link', { name: 'Night pieces' }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'No collection here yet' }).waitFor();
}
