// The generator on a machine without any AI model: words become a picture through Sketch, one that
// waits is cancelled, part of one is painted anew under a mask painted by hand, one is made larger,
// one is remixed, each beside the page of the picture; recipes come by files, presets and the draft
// are kept, choices in the prompt make several, and what no backend has or does not go together is
// said to be so.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture } from './support/pictures.mjs';
import { tabTo } from './support/keys.mjs';
import { Seed } from './support/seed.mjs';

const prompt = (page) => page.getByRole('textbox', { name: 'Prompt', exact: true });
const generate = (page) => page.getByRole('button', { name: 'Generate', exact: false }).last();

/** The newest generation once it has ended, as the server tells it. */
async function ended(seed, after = 0) {
  for (;;) {
    const [newest] = (await seed.get('/generations?limit=1')).items;
    if (newest?.id > after && !['queued', 'running'].includes(newest.status)) {
      assert.equal(newest.status, 'succeeded', `${newest.problemCode} ${newest.problem}`);
      return newest;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Where two pictures differ: the box around all such pixels, and whether some differ at all. */
async function difference(page, one, other) {
  return page.evaluate(async (addresses) => {
    const [left, right] = await Promise.all(
      addresses.map(async (address) => {
        const bitmap = await createImageBitmap(await (await fetch(address)).blob());
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const on = canvas.getContext('2d');
        on.drawImage(bitmap, 0, 0);
        return on.getImageData(0, 0, bitmap.width, bitmap.height);
      }),
    );
    if (left.width !== right.width || left.height !== right.height) return { sizes: 'differ' };
    const box = { left: left.width, top: left.height, right: -1, bottom: -1 };
    for (let at = 0; at < left.data.length; at += 4) {
      const same = [0, 1, 2, 3].every((by) => left.data[at + by] === right.data[at + by]);
      if (same) continue;
      const x = (at / 4) % left.width;
      const y = Math.floor(at / 4 / left.width);
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
    return box;
  }, [one, other]);
}

async function firstPicture(member, seed) {
  const { page } = member;
  await page.getByRole('link', { name: 'Generate' }).first().click();
  await page.getByText('No AI model is connected').waitFor();
  await prompt(page).fill('a red fox in the snow');
  await page.getByText(/^1 picture · \d+ Buzz/).waitFor();
  await member.look('panel');

  // What is wrong is said at its field before anything is sent.
  await page.getByRole('button', { name: 'Exact' }).click();
  const width = page.getByLabel('Width');
  assert.equal(await width.inputValue(), '512', 'exact numbers begin with what the shape was');
  await width.fill('513');
  await page.getByText('must be a multiple of 8').waitFor();
  await member.look('fault');
  await width.fill('448');
  await page.getByText('must be a multiple of 8').waitFor({ state: 'detached' });
  await page.getByLabel('Seed', { exact: true }).fill('7');
  await prompt(page).press('Control+Enter');
  const made = await ended(seed);
  assert.deepEqual(
    [made.request.prompt, made.request.seed, made.images[0].image.width],
    ['a red fox in the snow', '7', 448],
  );
  await page.reload();
  assert.equal(await prompt(page).inputValue(), 'a red fox in the snow', 'the draft was kept');
  assert.equal(await page.getByLabel('Seed', { exact: true }).inputValue(), '7');
  await page.getByRole('link', { name: /Picture|Image/ }).first().waitFor();
  await member.look('made');
  return made;
}

/** One that waits, as its backend is being drained, is given up. */
async function cancelled(member, root) {
  const { page } = member;
  await root.make('/backends/1/drain', {});
  await prompt(page).fill('a cat nobody waits for');
  await page.getByText(/^1 picture/).waitFor();
  await generate(page).click();
  await page.getByRole('button', { name: /^Cancel: a cat/ }).click();
  await page.getByRole('button', { name: /^Cancel: a cat/ }).waitFor({ state: 'detached' });
  await root.make('/backends/1/resume', {});
}

const beside = (page) => page.getByRole('complementary', { name: 'Generator' });

/** From the page of an image into the generator, which opens beside it. */
async function more(page, image, item) {
  await page.goto(`/images/${image}`);
  await page.getByRole('button', { name: 'More actions' }).first().click();
  await page.getByRole('menuitem', { name: item }).click();
  await beside(page).waitFor();
  assert.match(page.url(), new RegExp(`/images/${image}$`), 'the page stays');
}

/** Strokes to the middle, some taken away again; then a rectangle, without a mouse. */
async function paint(member) {
  const { page } = member;
  await page.getByRole('button', { name: 'Paint the mask' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paint the mask' });
  const canvas = dialog.getByRole('img', { name: /The mask/ });
  await canvas.waitFor();
  await dialog.getByRole('button', { name: 'Use this mask' }).click();
  await dialog.getByText('Nothing is painted yet').waitFor();
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
  async function drag(from, to) {
    await page.mouse.move(...at(...from));
    await page.mouse.down();
    await page.mouse.move(...at(...to), { steps: 6 });
    await page.mouse.up();
  }
  await drag([0.3, 0.3], [0.6, 0.4]);
  await drag([0.3, 0.4], [0.6, 0.5]);
  await drag([0.8, 0.9], [0.9, 0.9]);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('e');
  await dialog.getByRole('button', { name: 'Eraser', pressed: true }).waitFor();
  await drag([0.4, 0.35], [0.45, 0.37]);
  await tabTo(page, 'Rectangle by numbers');
  await page.keyboard.press('Enter');
  for (const [label, value] of [['Left', 200], ['Top', 300], ['Width', 40], ['Height', 30]]) {
    await tabTo(page, label, true);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(String(value));
  }
  await tabTo(page, 'Add it', true);
  await page.keyboard.press('Enter');
  await member.look('painter');
  await dialog.getByRole('button', { name: 'Use this mask' }).click();
  await page.getByText(/of the picture will change/).waitFor();
}

async function inpainted(member, seed, before) {
  const { page } = member;
  await more(page, before.image.id, 'Inpaint');
  await page.getByText('Only what you paint over is changed').waitFor();
  await paint(member);
  await prompt(page).fill('a blue hat');
  await page.getByText(/^1 picture/).waitFor();
  await member.look('inpaint');
  const newest = (await seed.get('/generations?limit=1')).items[0].id;
  await generate(page).click();
  const made = await ended(seed, newest);
  assert.equal(made.workflow, 'inpaint');
  assert.equal(made.images[0].image.remixOf, before.image.id);
  const changed = await difference(page, before.url, made.images[0].url);
  // The brush is a tenth of the side, 45 pixels; the rectangle ends at 240 × 330.
  assert.ok(changed.right > changed.left, 'what was painted over has changed');
  assert.ok(changed.left >= 448 * 0.3 - 24 && changed.top >= 512 * 0.3 - 24, 'upper left kept');
  assert.ok(changed.right <= 448 * 0.6 + 24 && changed.bottom <= 330, 'lower right kept');
}

async function larger(member, seed, before) {
  const { page } = member;
  await more(page, before.image.id, 'Upscale');
  await page.getByText('Make a picture larger').waitFor();
  await page.getByLabel('Enlarge by').first().waitFor();
  await page.getByText(/^1 picture/).waitFor();
  await member.look('upscale');
  const newest = (await seed.get('/generations?limit=1')).items[0].id;
  await generate(page).click();
  const made = await ended(seed, newest);
  const { width, height } = made.images[0].image;
  assert.deepEqual([width, height], [896, 1024]);
}

async function remixed(member, seed, before) {
  const { page } = member;
  await page.goto(`/images/${before.image.id}`);
  await page.getByRole('link', { name: 'Remix' }).click();
  await page.getByText('Recipe loaded').waitFor();
  assert.equal(await prompt(page).inputValue(), 'a red fox in the snow');
  assert.equal(await page.getByLabel('Seed', { exact: true }).inputValue(), '7');
  assert.equal(await page.getByLabel('Width').inputValue(), '448');
  await member.look('remix');
  await page.getByRole('button', { name: 'Pick a random seed and keep it' }).click();
  await prompt(page).fill('a red fox in the rain');
  await page.getByText(/^1 picture/).waitFor();
  const newest = (await seed.get('/generations?limit=1')).items[0].id;
  await generate(page).click();
  const made = await ended(seed, newest);
  assert.equal(made.images[0].image.remixOf, before.image.id);
  // It goes along to other pages, until it is closed.
  const just = beside(page).getByRole('list', { name: 'What was just made' });
  await just.getByRole('link', { name: 'a red fox in the rain' }).waitFor();
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Models').click();
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
  await member.look('beside');
  await just.getByRole('link').click();
  await page.getByRole('dialog', { name: 'Image viewer' }).waitFor();
  await member.look('beside-viewer');
  await page.keyboard.press('Escape');
  await beside(page).getByRole('button', { name: 'Close the generator' }).click();
  await beside(page).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Generate' }).first().click();
  await page.waitForURL(/\/generate$/);
}

/** Choices in the prompt: each combination is a picture of its own. */
async function wildcards(member, seed) {
  const { page } = member;
  await prompt(page).fill('a {red|blue} __animal__');
  await page.getByLabel('Values for __animal__').fill('fox\nowl');
  await page.getByLabel('Choices in the prompt').selectOption('all');
  await page.getByText(/^4 pictures · \d+ Buzz/).waitFor();
  await member.look('wildcards');
  const newest = (await seed.get('/generations?limit=1')).items[0].id;
  await generate(page).click();
  const made = await ended(seed, newest);
  const prompts = made.steps.map((step) => step.prompt).sort();
  assert.deepEqual(prompts, ['a blue fox', 'a blue owl', 'a red fox', 'a red owl']);
  await prompt(page).fill('an owl');
}

/** A file's recipe, dropped beside all fields, and a preset of it. */
async function recipes(member) {
  const { page } = member;
  const settings = 'Steps: 12, Sampler: Euler, Seed: 42';
  const parameters = `a copper kettle\nNegative prompt: blurry\n${settings}`;
  await page.evaluate((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], 'kettle.png', { type: 'image/png' }));
    const init = { bubbles: true, cancelable: true, dataTransfer: data };
    document.querySelector('form textarea').dispatchEvent(new DragEvent('drop', init));
  }, [...picture({ width: 256, height: 256, seed: 3, parameters })]);
  await page.getByText('Recipe loaded').waitFor();
  assert.equal(await prompt(page).inputValue(), 'a copper kettle');
  assert.equal(await page.getByLabel('Negative prompt').inputValue(), 'blurry');
  await page.getByRole('button', { name: 'Restore what was there' }).click();
  assert.equal(await prompt(page).inputValue(), 'a red fox in the rain');

  await page.getByRole('button', { name: 'Presets' }).click();
  const dialog = page.getByRole('dialog', { name: 'Presets' });
  await dialog.getByLabel('Save the panel as').fill('Rain');
  await dialog.getByRole('button', { name: 'Keep', exact: true }).click();
  await dialog.getByRole('button', { name: 'Rain a red fox' }).waitFor();
  await member.look('presets');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Start over' }).click();
  assert.equal(await prompt(page).inputValue(), '');
  await page.getByRole('button', { name: 'Presets' }).click();
  await dialog.getByRole('button', { name: 'Rain a red fox' }).click();
  assert.equal(await prompt(page).inputValue(), 'a red fox in the rain');
  await page.getByRole('button', { name: 'Presets' }).click();
  await dialog.getByRole('button', { name: 'Delete Rain' }).click();
  await dialog.getByText('None yet').waitFor();
  await page.keyboard.press('Escape');
}

/** A model that no backend has is refused with the reason, and the way out of it. */
async function resourced(member, seed, models) {
  const { page } = member;
  const bytes = readFileSync(join(models, 'loras/large.safetensors'));
  const lora = await seed.model('Etching', bytes);
  await page.goto(`/models/${lora.id}`);
  await page.getByRole('link', { name: 'Generate with this' }).click();
  await page.getByText('it does not have Etching').waitFor();
  const resources = page.getByRole('region', { name: 'Resources' });
  await resources.getByText('No backend here has it').waitFor();
  await resources.scrollIntoViewIfNeeded();
  await member.look('resource');
  await page.getByRole('button', { name: 'Remove the models' }).click();
  await page.getByText(/^1 picture/).waitFor();
  await resources.getByRole('button', { name: 'Add' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a resource' });
  await dialog.getByLabel('Search').fill('etch');
  await dialog.getByRole('button', { name: /Etching/ }).waitFor();
  await member.look('picker');
  await dialog.getByRole('button', { name: /Etching/ }).click();
  await resources.getByRole('link', { name: 'Etching' }).waitFor();
  await resources.getByRole('button', { name: 'Remove Etching' }).click();
  await page.getByText(/^1 picture/).waitFor();
}

/** What was made for another family than the model is refused where it stands. */
async function foreign(member, root, models) {
  const { page } = member;
  const bytes = readFileSync(join(models, 'checkpoints/sd15.safetensors'));
  const model = await root.model('Watercolour', bytes, { type: 'Checkpoint', baseModel: 'SD 1.5' });
  await page.goto(`/models/${model.id}`);
  await page.getByRole('link', { name: 'Generate with this' }).click();
  const resources = page.getByRole('region', { name: 'Resources' });
  await resources.getByRole('button', { name: 'Add' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a resource' });
  await dialog.getByText('Nothing like this is published here').waitFor();
  await dialog.getByLabel('Only what was made for SD 1.5').uncheck();
  await dialog.getByRole('button', { name: /Etching/ }).click();
  const row = resources.getByRole('listitem').filter({ hasText: 'Etching' });
  await row.getByText('Etching v1 was made for SDXL 1.0, the model is SD 1.5').waitFor();
  await row.scrollIntoViewIfNeeded();
  await member.look('foreign');
  await resources.getByRole('button', { name: 'Remove Etching' }).click();
  await page.getByRole('button', { name: 'Remove Watercolour' }).click();
  await page.getByText(/^1 picture/).waitFor();
}

async function onAPhone(visit, person) {
  const phone = await visit({ phone: true });
  phone.expect(/status of 503/);
  const { page } = phone;
  await phone.signIn(person);
  await page.goto('/generate');
  await prompt(page).fill('a lighthouse');
  await page.getByText(/^1 picture/).waitFor();
  await phone.look('phone-panel');
  await page.getByRole('button', { name: 'Results' }).click();
  await page.getByRole('link', { name: /Picture|Image/ }).first().waitFor();
  await phone.look('phone-results');
}

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  const root = await Seed.of(server, 'root');
  const mira = await server.person('mira');
  const seed = await Seed.of(server, 'mira');
  const member = await visit();
  // A width of 513 is refused on purpose; while others are made smaller,
  // a picture is asked for again.
  member.expect(/status of (422|503)/);
  await member.signIn(mira);
  const made = await firstPicture(member, seed);
  await cancelled(member, root);
  const [before] = made.images;
  await inpainted(member, seed, before);
  await larger(member, seed, before);
  await remixed(member, seed, before);
  await recipes(member);
  await wildcards(member, seed);
  await resourced(member, seed, models);
  await foreign(member, root, models);
  await onAPhone(visit, mira);
}
