// Backends as an administrator: what is there, found and added, asked, drained, changed, removed.
import { strict as assert } from 'node:assert';
import { ComfyUi } from './support/comfyui.mjs';
import { Seed } from './support/seed.mjs';

export async function play({ server, visit }) {
  const root = await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const seed = await Seed.of(server, 'mira');
  const comfy = await ComfyUi.start(server.binary);
  try {
    await administer({ visit, root, mira, seed, comfy });
  } finally {
    await comfy.end();
  }
}

async function administer({ visit, root, mira, seed, comfy }) {
  const visitor = await visit();
  const { page } = visitor;
  await visitor.signIn(root);
  await page.goto('/administration/backends');

  // On a fresh machine there is the painter, which says that it is no AI model.
  const painter = page.getByRole('region', { name: 'Sketch', exact: true });
  await painter.getByRole('button', { name: 'Check again' }).click();
  await painter.getByText('Online', { exact: true }).waitFor();
  await page.getByText('No AI model is connected yet').waitFor();
  await page.getByRole('region', { name: 'On this machine' }).waitFor();
  await painter.getByText('What it offers').click();
  await painter.getByRole('heading', { name: 'Workflows' }).waitFor();
  await visitor.look('painter');

  // Nothing answers at an address: it says what was tried.
  const adding = page.getByRole('region', { name: 'By address' });
  await adding.getByLabel('Address').fill('127.0.0.1:9');
  await adding.getByRole('button', { name: 'Check it' }).click();
  await adding.getByText('No known program answers at this address').waitFor();
  await adding.getByText(/ComfyUI, at http:\/\/127.0.0.1:9:/).waitFor();
  await visitor.look('nothing-there');

  // A ComfyUI is recognised, shows what it offers, and is added.
  await adding.getByLabel('Address').fill(comfy.url);
  await adding.getByLabel(/^Token/).fill('open-sesame');
  await adding.getByRole('button', { name: 'Check it' }).click();
  await adding.getByText('ComfyUI 0.20.0 is online').waitFor();
  await adding.getByRole('heading', { name: 'Checkpoints' }).waitFor();
  await adding.getByText('ink.safetensors').waitFor();
  await visitor.look('recognised');
  await adding.getByLabel('Name').fill('Studio');
  await adding.getByRole('button', { name: 'Add it' }).click();
  const studio = page.getByRole('region', { name: 'Studio', exact: true });
  await studio.getByText('Online', { exact: true }).waitFor();
  await studio.getByText('Given, and kept secret').waitFor();
  assert.ok(!(await page.content()).includes('open-sesame'), 'the token is not shown');
  await studio.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Studio is online').waitFor();

  // While it works it cannot be removed, which is said; drained, it finishes what it has.
  await painter.getByRole('button', { name: 'Drain' }).click();
  await painter.getByText('Drained', { exact: true }).waitFor();
  comfy.hold(true);
  const { id } = await seed.make('/generations', { prompt: 'a fox', width: 64, height: 64 });
  await studio.getByText(/1 job, /).waitFor();
  await studio.getByRole('button', { name: 'Remove' }).click();
  const removing = page.getByRole('dialog', { name: 'Remove Studio?' });
  await removing.getByText('It is busy').waitFor();
  assert.ok(await removing.getByRole('button', { name: 'Remove' }).isDisabled());
  await visitor.look('busy');
  await removing.getByRole('button', { name: 'Drain' }).click();
  await removing.getByText('It gets nothing new.').waitFor();
  await removing.getByRole('button', { name: 'Keep it' }).click();
  await studio.getByText('Draining, 1 still running').waitFor();
  comfy.hold(false);
  await studio.getByText('Drained', { exact: true }).waitFor();
  while ((await seed.get(`/generations/${id}`)).status !== 'succeeded') {
    await new Promise((done) => setTimeout(done, 100));
  }
  await page.reload();
  await studio.getByText('1 done and 0 failed in the last hour').waitFor();
  await studio.locator('canvas').waitFor();
  await studio.getByText('How fast it is').click();
  const speeds = studio.getByRole('region', { name: 'Speed of Studio' });
  await speeds.getByText(/per megapixel and step/).first().waitFor();
  await visitor.look('drained');
  await studio.getByRole('button', { name: 'Resume' }).click();
  await studio.getByText('Drained', { exact: true }).waitFor({ state: 'detached' });

  // A new name; a wrong address is told by the server's own words.
  await studio.getByRole('button', { name: 'Edit' }).click();
  const editing = page.getByRole('dialog', { name: 'Edit Studio' });
  await editing.getByLabel('Address').fill('ftp://127.0.0.1');
  visitor.expect(/422/);
  await editing.getByRole('button', { name: 'Save' }).click();
  await editing.getByText('begins with http:// or https://').waitFor();
  await editing.getByLabel('Address').fill(comfy.url);
  await editing.getByLabel('Name').fill('Atelier 2');
  await editing.getByLabel('Forget the token').check();
  await visitor.look('editing');
  await editing.getByRole('button', { name: 'Save' }).click();
  const renamed = page.getByRole('region', { name: 'Atelier 2', exact: true });
  await renamed.getByText('Given, and kept secret').waitFor({ state: 'detached' });

  await renamed.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Atelier 2 was removed').waitFor();
  await renamed.waitFor({ state: 'detached' });

  const phone = await visit({ phone: true });
  await phone.signIn(root);
  await phone.page.goto('/administration/backends');
  await phone.page.getByRole('region', { name: 'Sketch', exact: true }).waitFor();
  await phone.look('phone');

  const member = await visit();
  await member.signIn(mira);
  await member.page.goto('/administration/backends');
  await member.page.getByRole('heading', { name: 'Only administrators come in here' }).waitFor();
}
