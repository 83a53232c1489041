// Images from the upload to the talk about them: two files are posted, their recipes are read and
// the models in them linked, others find, like, discuss and collect them, all by the keyboard.
import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture } from './support/pictures.mjs';
import { chooseFiles, tabTo } from './support/keys.mjs';

const recipe = (hash) =>
  [
    'a quiet landscape of layered hills, engraved, <lora:copperplate:0.8>',
    'Negative prompt: blurry, text',
    `Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 4071, ` +
      `Size: 640x416, Model hash: abcdef0123, Model: somebody-elses, ` +
      `Lora hashes: "copperplate: ${hash}", Version: v1.10.1`,
  ].join('\n');

/** A model whose file the images name by its hash. */
async function publishModel(page, file) {
  await page.goto('/upload');
  await page.getByLabel('Choose model files').setInputFiles(file);
  await page.getByRole('heading', { name: 'What the tensors say' }).waitFor();
  await page.getByRole('button', { name: 'Go on to details' }).click();
  await page.getByLabel('Name').fill('Copperplate Etching');
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByLabel('Publish now').check();
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.waitForURL(/\/models\/\d+/);
}

async function post(visitor, hash) {
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto('/create-post');
  await page.getByRole('heading', { name: 'New post' }).waitFor();
  await visitor.look('compose-empty');
  const files = [
    {
      name: 'hills.png',
      mimeType: 'image/png',
      buffer: picture({ width: 640, height: 416, seed: 2, parameters: recipe(hash) }),
    },
    {
      name: 'dusk.png',
      mimeType: 'image/png',
      buffer: picture({ width: 416, height: 640, seed: 5 }),
    },
  ];
  await chooseFiles(page, 'Choose images', files);
  await page.getByText('1 of 2 models found here').waitFor();
  await page.getByText('No recipe in the file').waitFor();
  // The order files arrive in is theirs; the one that tells how it was made comes first.
  const first = page.getByRole('list', { name: 'Images' }).getByRole('listitem').first();
  if (!(await first.getByText('models found here').isVisible())) {
    await tabTo(page, 'Move image 2 up');
    await keyboard.press('Enter');
    await first.getByText('models found here').waitFor();
  }
  await visitor.look('compose');
  await tabTo(page, 'Title');
  await keyboard.type('Hills, engraved');
  await page.getByText('Saved as you type').waitFor();
  await tabTo(page, 'How mature are they?');
  await keyboard.press('ArrowDown');
  await tabTo(page, 'Publish', true);
  await keyboard.press('Enter');
  await page.waitForURL(/\/posts\/\d+/);
  await page.getByRole('heading', { level: 1, name: 'Hills, engraved' }).waitFor();
  await page.getByRole('article').nth(1).waitFor();
  await visitor.look('post');
}

async function talk(visitor) {
  const { page } = visitor;
  const { keyboard } = page;
  await keyboard.press('g');
  await keyboard.press('i');
  await page.getByRole('heading', { level: 1, name: 'Images' }).waitFor();
  await page.getByRole('article').nth(1).waitFor();
  await visitor.look('images');
  await tabTo(page, 'Image by mira');
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Image viewer' });
  await viewer.waitFor();
  assert.match(page.url(), /\/images\/\d+$/, 'the viewer has an address of its own');
  // One of the two tells how it was made; the arrows go between them.
  const told = viewer.getByRole('group', { name: 'Prompt', exact: true });
  await told.or(viewer.getByText('This file does not say how it was made.')).waitFor();
  // Which of the two was first under the arrow is the feed's affair.
  const next = viewer.getByRole('button', { name: 'Next image' });
  if (!(await told.isVisible())) await keyboard.press((await next.isVisible()) ? 'j' : 'k');
  await told.waitFor();
  const here = page.url();
  await viewer.getByRole('link', { name: 'Copperplate Etching' }).waitFor();
  await viewer.getByText('somebody-elses', { exact: true }).waitFor();
  await viewer.getByText('DPM++ 2M', { exact: true }).waitFor();
  await visitor.look('viewer');
  await keyboard.press('l');
  await viewer.getByRole('button', { name: 'Like', pressed: true }).waitFor();
  await tabTo(page, 'Add a comment', true);
  await keyboard.type('What a **sky**, @mira. l c r stay letters here.');
  await keyboard.press('Control+Enter');
  await viewer.getByRole('article', { name: 'Comment by otto' }).waitFor();
  await tabTo(page, 'Collect', true);
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add to a collection' });
  await dialog.waitFor();
  await tabTo(page, 'New collection', true);
  await keyboard.type('Skies');
  await keyboard.press('Enter');
  await dialog.getByLabel('Skies').waitFor();
  await visitor.look('collect');
  await keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys of the viewer' }).waitFor();
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await viewer.waitFor({ state: 'hidden' });
  assert.match(page.url(), /\/images(\?.*)?$/, 'Escape leads back to the list');
  const id = here.split('/').pop();
  await page.waitForFunction(
    (wanted) => document.activeElement?.closest('[data-id]')?.dataset.id === wanted,
    id,
  );
  return id;
}

/** Says that something is wrong with an image, by its page. */
async function report(visitor, id) {
  const { page } = visitor;
  await page.goto(`/images/${id}`);
  await page.getByRole('button', { name: 'Report', exact: true }).waitFor();
  await tabTo(page, 'Report', true);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Report to the moderators' });
  await dialog.waitFor();
  await visitor.look('report');
  await tabTo(page, 'What should the moderators know?');
  await page.keyboard.type('These hills are mine.');
  await page.keyboard.press('Tab');
  await tabTo(page, 'Report', true);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

/** Works the queue by single keys. */
async function moderate(moderator) {
  const { page } = moderator;
  await page.goto('/moderation');
  await page.getByText('These hills are mine.').waitFor();
  await page.getByRole('button', { name: 'Take down', exact: true }).waitFor();
  await moderator.look('desk');
  await page.keyboard.press('3');
  await page.getByText('1 report decided').waitFor();
  await page.getByRole('heading', { name: 'Nothing to review' }).waitFor();
  await moderator.look('desk-empty');
}

async function undo(moderator) {
  const { page } = moderator;
  await page.keyboard.press('u');
  await page.getByText('These hills are mine.').waitFor();
  for (const part of ['appeals', 'blocklist', 'audit']) {
    await page.goto(`/moderation/${part}`);
    await page.getByRole('heading', { level: 1, name: 'Moderation' }).waitFor();
    await moderator.look(`moderation-${part}`);
  }
}

export async function play({ server, visit, models }) {
  const administrator = await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const otto = await server.person('otto');
  const file = join(models, 'loras/large.safetensors');
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 10);

  const creator = await visit();
  await creator.signIn(mira);
  await publishModel(creator.page, file);
  await post(creator, hash);

  const visitor = await visit();
  await visitor.signIn(otto);
  const id = await talk(visitor);
  const { page } = visitor;
  await page.goto(`/images/${id}`);
  await page.getByRole('article', { name: 'Comment by otto' }).waitFor();
  await page.getByText('PG', { exact: true }).first().waitFor();
  await visitor.look('image-page');
  await page.goto('/collections?show=mine');
  await page.getByRole('link', { name: 'Skies' }).click();
  await page.getByRole('heading', { level: 1, name: 'Skies' }).waitFor();
  await page.getByRole('link', { name: 'Image by mira' }).waitFor();
  await visitor.look('collection');

  await report(visitor, id);
  const root = await visit();
  await root.signIn(administrator);
  await moderate(root);
  visitor.expect(/404/);
  await page.goto(`/images/${id}`);
  await page.getByText('Nothing lives at this address').waitFor();
  await undo(root);
  await page.reload();
  await page.getByRole('group', { name: 'Prompt', exact: true }).waitFor();

  const phone = await visit({ phone: true });
  await phone.page.goto('/images');
  await phone.page.getByRole('article').nth(1).waitFor();
  await phone.look('images-phone');
  await phone.page.goto(`/images/${id}`);
  await phone.page.getByRole('group', { name: 'Prompt', exact: true }).waitFor();
  await phone.look('image-phone');
  await phone.page.goto('/user/mira?show=images');
  await phone.page.getByRole('article').first().waitFor();
  await phone.look('profile-phone');
}
