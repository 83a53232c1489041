// Workflow templates: an administrator makes one of a workflow of ComfyUI, tries it and opens it
// to members, who read it. In the generator they give one its pictures, and hold a composition by
// ControlNet, which needs the same backend.
import { strict as assert } from 'node:assert';
import { ComfyUi } from './support/comfyui.mjs';
import { picture } from './support/pictures.mjs';
import { Seed } from './support/seed.mjs';

const graph = {
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd15.safetensors' } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  6: {
    class_type: 'CLIPTextEncode',
    inputs: { text: 'a fox', clip: ['4', 1] },
    _meta: { title: 'What to draw' },
  },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'blurry', clip: ['4', 1] } },
  3: {
    class_type: 'KSampler',
    inputs: {
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
      seed: 7,
      steps: 8,
      cfg: 7.5,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
    },
  },
  8: { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  9: { class_type: 'SaveImage', inputs: { images: ['8', 0], filename_prefix: 'fox' } },
};
/** Starts from a picture, and changes only what a mask says. */
const repaint = {
  ...graph,
  3: { ...graph[3], inputs: { ...graph[3].inputs, latent_image: ['13', 0] } },
  10: { class_type: 'LoadImage', inputs: { image: 'example.png' } },
  11: { class_type: 'LoadImageMask', inputs: { image: 'mask.png', channel: 'red' } },
  12: { class_type: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } },
  13: { class_type: 'SetLatentNoiseMask', inputs: { samples: ['12', 0], mask: ['11', 0] } },
};
delete repaint[5];
/** With a node that no backend has. */
const broken = { ...graph, 12: { class_type: 'NodeOfAnExtension', inputs: { images: ['8', 0] } } };

export async function play({ server, visit }) {
  const root = await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const comfy = await ComfyUi.start(server.binary);
  try {
    const seed = await Seed.of(server, 'root');
    await seed.make('/backends', { name: 'Studio', protocol: 'comfyui', url: comfy.url });
    await write({ visit, root, mira });
    const member = await visit();
    // What is missing or does not fit is refused on purpose.
    member.expect(/status of 422/);
    await member.signIn(mira);
    await use(member, seed);
    await controlled(member);
  } finally {
    await comfy.end();
  }
}

const file = (seed) => ({
  name: `${seed}.png`,
  mimeType: 'image/png',
  buffer: picture({ width: 128, height: 96, seed }),
});

/** The newest of the member's generations, once it has ended well. */
async function succeeded(page) {
  for (;;) {
    const reply = await page.request.get('/api/v2/generations?limit=1');
    const [newest] = (await reply.json()).items;
    if (newest && !['queued', 'running'].includes(newest.status)) {
      assert.equal(newest.status, 'succeeded', `${newest.problemCode} ${newest.problem}`);
      return newest;
    }
    await page.waitForTimeout(100);
  }
}

/** In the generator, beside the list of templates: its pictures are chosen, not named. */
async function use(member, seed) {
  const { page } = member;
  const { id } = await seed.make('/workflow-templates', {
    name: 'Repaint',
    audience: 'members',
    graph: repaint,
    parameters: [
      { name: 'words', title: 'What to draw', type: 'text', pointers: ['/6/inputs/text'] },
      { name: 'steps', type: 'whole', pointers: ['/3/inputs/steps'], min: 1, max: 20 },
      { name: 'photo', title: 'Photo', type: 'picture', pointers: ['/10/inputs/image'] },
      { name: 'sky', title: 'Sky', type: 'mask', pointers: ['/11/inputs/image'] },
    ],
  });
  await page.goto('/workflow-templates');
  await page.getByRole('link', { name: 'Use it' }).click();
  const panel = page.getByRole('complementary', { name: 'Generator' });
  const part = panel.getByRole('region', { name: 'Repaint' });
  assert.equal(await part.getByLabel('steps').getAttribute('placeholder'), '8');
  const submit = panel.getByRole('button', { name: /^Generate/ });
  await submit.click();
  await part.getByRole('region', { name: 'Photo' }).getByText('must be a picture').waitFor();
  await member.look('parameters');
  await part.getByLabel('What to draw').fill('a storm over the hills');
  await part.getByLabel('Choose a file: Photo').setInputFiles(file(2));
  await part.getByRole('region', { name: 'Photo' }).getByText('128 × 96').waitFor();
  await part.getByLabel('Choose a file: Sky').setInputFiles(file(3));
  await part.getByRole('region', { name: 'Sky' }).getByText('128 × 96').waitFor();
  await panel.getByText(/^1 picture/).waitFor();
  await part.getByRole('region', { name: 'Photo' }).scrollIntoViewIfNeeded();
  await member.look('pictures');
  await submit.click();
  const made = await succeeded(page);
  assert.deepEqual([made.workflow, made.request.templateId], ['template', id]);
  await panel.getByRole('list', { name: 'What was just made' }).getByRole('link').waitFor();
}

/** A picture that holds the composition; what is missing or the wrong way round is said there. */
async function controlled(member) {
  const { page } = member;
  await page.goto('/generate');
  await page.getByRole('radio', { name: 'Text to image' }).check();
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('a bridge');
  await page.getByText('ControlNet', { exact: true }).click();
  await page.getByRole('button', { name: 'Add a unit' }).click();
  const unit = page.getByRole('region', { name: 'Unit 1' });
  await page.getByRole('button', { name: /^Generate/ }).click();
  await unit.getByText('Choose a picture.').waitFor();
  await unit.getByLabel('Choose a file: Picture').setInputFiles(file(4));
  await unit.getByText('128 × 96').waitFor();
  await unit.getByLabel('Control model').fill('canny.safetensors');
  const from = unit.getByRole('spinbutton', { name: 'From' });
  await from.fill('0.9');
  await unit.getByRole('spinbutton', { name: 'Until' }).fill('0.5');
  await unit.getByText('must not come behind its end').waitFor();
  await unit.scrollIntoViewIfNeeded();
  await member.look('control');
  await from.fill('0.1');
  await page.getByText(/^1 picture/).waitFor();
  await page.getByRole('button', { name: /^Generate/ }).click();
  await page.getByRole('link', { name: 'a bridge' }).waitFor();
  const { request } = await succeeded(page);
  const [{ kind, model, start, end }] = request.controls;
  assert.deepEqual([kind, model.name, start, end], ['canny', 'canny.safetensors', 0.1, 0.5]);
}

async function write({ visit, root, mira }) {
  const visitor = await visit();
  const { page } = visitor;
  await visitor.signIn(root);
  await page.getByRole('button', { name: 'Your menu' }).click();
  await page.getByRole('menuitem', { name: 'Workflow templates' }).click();
  await page.getByText('No templates yet').waitFor();
  await visitor.look('none');
  await page.getByRole('link', { name: 'New template' }).first().click();

  // What is no workflow is refused in words; a picture of ComfyUI brings its graph along.
  visitor.expect(/422/);
  await page.getByLabel('Or paste its text').fill('a fox in the snow');
  await page.getByRole('button', { name: 'Read it' }).click();
  await page.getByText('It could not be read').waitFor();
  const file = page.getByLabel('Choose a workflow file');
  await file.setInputFiles({ name: 'plain.png', mimeType: 'image/png', buffer: picture() });
  await page.getByText(/This picture carries no workflow/).waitFor();
  await visitor.look('refused');
  const carrying = picture({ texts: { prompt: JSON.stringify(broken) } });
  await file.setInputFiles({ name: 'fox.png', mimeType: 'image/png', buffer: carrying });

  // What no backend has is said, and shown at its node.
  await page.getByText('No backend has the node NodeOfAnExtension.').waitFor();
  await page.getByRole('button', { name: 'Node 12' }).first().click();
  await page.getByRole('list', { name: 'Inputs of NodeOfAnExtension' }).waitFor();
  await visitor.look('faults');
  await page.getByRole('button', { name: 'Replace' }).click();
  await page.getByLabel('Or paste its text').fill(JSON.stringify(graph));
  await page.getByRole('button', { name: 'Read it' }).click();
  await page.getByText('No backend has the node NodeOfAnExtension.').waitFor({ state: 'detached' });
  const figure = page.getByRole('region', { name: 'Picture of the graph' });
  await figure.getByRole('img', { name: '7 nodes and 9 links between them' }).waitFor();

  // Inputs get names: by the picture and by the list; two inputs may have the same one.
  await figure.locator('text', { hasText: 'What to draw' }).click();
  const inputs = page.getByRole('list', { name: 'Inputs of What to draw' });
  await inputs.getByRole('button', { name: 'Name it' }).click();
  await page.getByRole('heading', { name: 'What to draw', level: 3 }).waitFor();
  await page.getByLabel('Node', { exact: true }).selectOption('3');
  const sampler = page.getByRole('list', { name: 'Inputs of KSampler' });
  await sampler.getByRole('button', { name: /steps of KSampler/ }).click();
  await page.getByRole('menuitem', { name: 'A new parameter' }).click();
  const heading = page.getByRole('heading', { name: 'steps' });
  const steps = page.getByRole('listitem').filter({ has: heading });
  await steps.getByLabel('Label').fill('Steps');
  await steps.getByLabel('Minimum').fill('1');
  await steps.getByLabel('Maximum').fill('20');
  await page.getByLabel('Name', { exact: true }).first().fill('Fox');
  await page.getByLabel('What it is for').fill('A fox, as you like it.');
  await page.getByLabel('Who can use it').selectOption('administrators');
  await visitor.look('editor');

  // Faults stand where they are; then it is kept.
  const named = page.getByLabel('Name', { exact: true });
  await named.nth(2).fill('text');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('another parameter has this name').waitFor();
  await visitor.look('refused-parameter');
  await named.nth(2).fill('steps');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(/workflow-templates\/\d+$/);
  const address = page.url();

  // Tried, it makes a picture; what does not fit is said at its field.
  const trial = page.getByRole('region', { name: 'Try it' });
  await trial.getByLabel('What to draw').fill('a fox in the snow');
  await trial.getByLabel('Steps').fill('99');
  await trial.getByRole('button', { name: 'Try it' }).click();
  await trial.getByText('is outside its bounds').waitFor();
  await trial.getByLabel('Steps').fill('4');
  await trial.getByRole('button', { name: 'Try it' }).click();
  await trial.getByText('1 picture, made by Studio').waitFor();
  await trial.getByRole('img', { name: /Result 1/ }).waitFor();
  await visitor.look('tried');

  // Members do not see it until it is meant for them.
  const member = await visit();
  await member.signIn(mira);
  await member.page.goto('/workflow-templates');
  await member.page.getByText('No templates yet').waitFor();
  await page.getByLabel('Who can use it').selectOption('members');
  await page.getByRole('link', { name: 'Atelier, home' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await page.getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved yet').waitFor({ state: 'detached' });
  await member.page.reload();
  const card = member.page.getByRole('listitem').filter({ hasText: 'A fox, as you like it.' });
  const use = await card.getByRole('link', { name: 'Use it' }).getAttribute('href');
  assert.match(use, /^\/generate\?template=\d+$/);
  assert.equal(await member.page.getByRole('link', { name: 'New template' }).count(), 0);
  await member.look('member-list');
  await card.getByRole('link', { name: 'Fox', exact: true }).click();
  await member.page.getByRole('heading', { name: 'Fox', level: 1 }).waitFor();
  await member.page.getByText('What to draw').first().waitFor();
  assert.equal(await member.page.getByRole('button', { name: 'Save' }).count(), 0);
  await member.look('member');

  const phone = await visit({ phone: true });
  await phone.signIn(root);
  await phone.page.goto(new URL(address).pathname);
  await phone.page.getByRole('heading', { name: 'Fox', level: 1 }).waitFor();
  await phone.look('phone');

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL(/workflow-templates$/);
  await page.getByText('No templates yet').waitFor();
}
