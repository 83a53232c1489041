// A model's life after its first version: scheduled, published, a second version, taken back,
// archived, into the bin and out of it; each step can be undone where it was done.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';

const address = (page) => Number(/\/models\/(\d+)/.exec(page.url())[1]);

/** From the wizard's files to its last step. */
async function fill(page, file, words) {
  await page.getByLabel('Choose model files').setInputFiles(file);
  await page.getByRole('heading', { name: 'What the tensors say' }).waitFor();
  await page.getByRole('button', { name: 'Go on to details' }).click();
  await words();
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByLabel('Use it without naming you').waitFor();
  await page.getByRole('button', { name: 'Save and go on' }).click();
  await page.getByLabel('Publish now').waitFor();
}

async function choose(page, name, item) {
  await page.getByRole('button', { name: `More actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

const undo = (page) =>
  page.getByRole('status').getByRole('button', { name: 'Undo' }).last().click();

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  const creator = await visit();
  const { page } = creator;
  await creator.signIn(await server.person('mira'));
  const stranger = await visit();
  stranger.expect(/404|410/);
  const others = async (id) =>
    (await stranger.page.request.get(`${server.origin}/api/v2/models/${id}`)).status();

  await page.goto('/upload');
  await fill(page, join(models, 'loras/large.safetensors'), async () => {
    await page.getByLabel('Name', { exact: true }).fill('Copper');
  });
  await page.getByLabel('Publish later, by itself').check();
  await page.getByLabel('Date and time').waitFor();
  await creator.look('schedule');
  await page.getByRole('button', { name: 'Schedule' }).click();
  await page.waitForURL(/\/models\/\d+/);
  await page.getByText('It will be published').waitFor();
  await creator.look('scheduled');
  const id = address(page);
  assert.equal(await others(id), 404);

  await choose(page, 'Copper', 'Take the schedule back');
  await page.getByText('Will not appear by itself').waitFor();
  await page.getByText('it is not published').waitFor();
  await undo(page);
  await page.getByText('It will be published').waitFor();
  await page.goto('/my-models?show=scheduled');
  await page.getByRole('link', { name: 'Copper' }).waitFor();
  await creator.look('my-scheduled');
  await choose(page, 'Copper', 'Publish now');
  await page.getByText('None of your models is here').waitFor();
  assert.equal(await others(id), 200);

  await page.goto(`/models/${id}`);
  await choose(page, 'Copper', 'Add a version');
  await page.getByRole('heading', { name: 'New version of Copper' }).waitFor();
  await creator.look('new-version');
  await fill(page, join(models, 'loras/one.safetensors'), async () => {
    await page.getByLabel('Version', { exact: true }).fill('v2 small');
    await creator.look('new-version-details');
  });
  await page.getByLabel('Keep it as a draft').check();
  await page.getByRole('button', { name: 'Keep the draft' }).click();
  await page.waitForURL(/\/models\/\d+/);
  await page.getByRole('tab', { name: 'v2 small' }).waitFor();
  await creator.look('two-versions');

  // Taking the model back and undoing it must not publish the draft version on the way.
  await choose(page, 'Copper', 'Unpublish');
  await page.getByText('No longer published').waitFor();
  assert.equal(await others(id), 404);
  await undo(page);
  await page.getByText('Taken back').waitFor();
  await stranger.page.goto(`/models/${id}`);
  await stranger.page.getByRole('heading', { name: 'Copper', level: 1 }).waitFor();
  assert.equal(await stranger.page.getByRole('tab', { name: 'v2 small' }).count(), 0);
  await page.goto(`/upload?model=${id}&step=publish`);
  await page.getByRole('button', { name: 'Publish now' }).click();
  await page.waitForURL(/\/models\/\d+/);
  await stranger.page.reload();
  await stranger.page.getByRole('tab', { name: 'v2 small' }).waitFor();
  await stranger.look('two-published');

  await choose(page, 'Copper', 'Archive');
  await page.getByText('Archived: the page stays').waitFor();
  await stranger.page.reload();
  await stranger.page.getByText('no longer offers it for download').waitFor();
  assert.equal(await stranger.page.getByRole('link', { name: /^Download \d/ }).count(), 0);
  await stranger.look('archived');
  await undo(page);
  await page.getByText('Taken back').waitFor();
  await stranger.page.reload();
  await stranger.page.getByRole('link', { name: /^Download \d/ }).first().waitFor();

  await choose(page, 'Copper', 'Delete');
  await page.waitForURL(/\/my-models/);
  await page.getByText('Your models will be here').waitFor();
  assert.equal(await others(id), 404);
  await undo(page);
  await page.getByRole('link', { name: 'Copper' }).waitFor();
  assert.equal(await others(id), 200);
  await choose(page, 'Copper', 'Delete');
  await page.getByText('Your models will be here').waitFor();
  await page.getByRole('link', { name: 'Deleted' }).click();
  await page.getByRole('link', { name: 'Copper' }).waitFor();
  await creator.look('bin');
  await page.getByRole('link', { name: 'Copper' }).click();
  await page.getByRole('heading', { name: 'Copper', level: 1 }).waitFor();
  await creator.look('in-the-bin');
  await choose(page, 'Copper', 'Restore');
  await page.getByText('Restored').waitFor();
  assert.equal(await others(id), 200);

  // The only file of a published version stays, and the page says why.
  creator.expect(/409/);
  await page.goto(`/upload?model=${id}`);
  await page.getByRole('button', { name: /^Remove / }).click();
  await page.getByText('only file of a published version').waitFor();
  await creator.look('last-file');
}
