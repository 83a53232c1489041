// What people say to each other about a model: reviews, threads that are answered, pinned, closed
// and tidied, and following; then what the rankings make of it.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Seed } from './support/seed.mjs';
import { tabTo } from './support/keys.mjs';

async function review(visitor, model) {
  const { page } = visitor;
  await page.goto(`/models/${model}`);
  const part = page.getByRole('region', { name: 'Reviews' });
  await part.getByText('No reviews yet.').waitFor();
  await part.getByRole('button', { name: 'Write a review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review of v1' });
  await dialog.getByLabel('What should others know?').fill('Holds up at **0.6**.');
  await visitor.look('review');
  await dialog.getByRole('button', { name: 'Publish the review' }).click();
  const own = part.getByRole('article', { name: 'Review by otto' });
  await own.getByText('recommends it', { exact: true }).waitFor();
  await part.getByText('1 review').waitFor();
  // A second thought, from the same place.
  await part.getByRole('button', { name: 'Change your review' }).click();
  assert.equal(
    await dialog.getByLabel('What should others know?').inputValue(),
    'Holds up at **0.6**.',
  );
  await dialog.getByLabel('I do not recommend it').check();
  await dialog.getByRole('button', { name: 'Publish the review' }).click();
  await own.getByText('does not recommend it').waitFor();
  await own.scrollIntoViewIfNeeded();
  await visitor.look('reviewed');
  await own.getByRole('button', { name: 'Remove your review' }).click();
  await part.getByText('No reviews yet.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await own.getByText('does not recommend it').waitFor();
}

async function write(page, label, text) {
  await page.getByLabel(label, { exact: true }).fill(text);
  await page.keyboard.press('Control+Enter');
}

/** Said by one, answered, pinned, closed and tidied by who owns the thing. */
async function thread(visitor, owner, model) {
  const { page } = visitor;
  await write(page, 'Add a comment', 'Which sampler, @mira?');
  const said = page.getByRole('article', { name: 'Comment by otto' }).first();
  await said.waitFor();

  const theirs = owner.page;
  await theirs.goto(`/models/${model}#comments`);
  const asked = theirs.getByRole('article', { name: 'Comment by otto' }).first();
  await asked.getByRole('button', { name: 'Reply' }).click();
  await write(theirs, 'Reply to otto', 'Euler, twenty steps.');
  await asked.getByRole('article', { name: 'Comment by mira' }).waitFor();
  const act = async (within, name) => {
    await within.getByRole('button', { name: 'More about this comment' }).first().click();
    await theirs.getByRole('menuitem', { name, exact: true }).click();
  };
  await act(asked, 'Pin');
  await asked.getByText('Pinned', { exact: true }).waitFor();
  await asked.scrollIntoViewIfNeeded();
  await owner.look('thread');
  await theirs.getByRole('button', { name: 'Lock comments' }).click();
  await theirs.getByText('Comments are locked.').waitFor();

  await page.reload();
  await page.getByText('Comments are locked.').waitFor();
  assert.equal(await page.getByLabel('Add a comment', { exact: true }).count(), 0);
  await theirs.getByRole('button', { name: 'Unlock comments' }).click();
  await theirs.getByLabel('Add a comment', { exact: true }).waitFor();

  await page.reload();
  await said.getByRole('button', { name: '1 reply' }).click();
  const answer = said.getByRole('article', { name: 'Comment by mira' });
  await answer.getByRole('button', { name: 'Like' }).click();
  await answer.getByRole('button', { name: 'Like', pressed: true }).waitFor();
  await answer.getByRole('button', { name: 'Reply' }).click();
  await write(page, 'Reply to mira', 'Thanks!');
  await said.getByRole('article', { name: 'Comment by otto' }).waitFor();
  await said.scrollIntoViewIfNeeded();
  await visitor.look('replies');
  // Edited; deleted, what answers it stays.
  await said.getByRole('button', { name: 'More about this comment' }).first().click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await write(page, 'Edit your comment', 'Which sampler did you use?');
  await said.getByText('edited', { exact: true }).waitFor();
  await said.getByRole('button', { name: 'More about this comment' }).first().click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('article', { name: 'Deleted comment' }).waitFor();
  await page.getByText('This comment was deleted.').waitFor();
  await visitor.look('tombstone');
}

async function follow(visitor) {
  const { page } = visitor;
  await page.goto('/user/mira');
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  await tabTo(page, 'Follow', true);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Following', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Followers' }).click();
  await page.getByRole('listitem').getByRole('link', { name: 'otto' }).waitFor();
  await visitor.look('followers');
  await page.goto('/models?followed=yes');
  await page.getByRole('link', { name: 'Copperplate' }).waitFor();
  await page.goto('/images?followed=yes');
  await page.getByRole('article').first().waitFor();
  await visitor.look('followed');
  await page.getByRole('button', { name: /Remove filter/ }).waitFor();
  await page.goto('/user/mira');
  await page.getByRole('button', { name: 'Following', exact: true }).click();
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  await page.goto('/images?followed=yes');
  await page.getByRole('heading', { name: 'No image matches these filters' }).waitFor();
}

/** Rankings are made by the hour; here the hour is not waited for. */
async function rankNow(server) {
  await server.end();
  const now = Date.now();
  const columns =
    'kind, state, arguments, priority, run_at, attempt, token, node, lease_until, cancel_asked,' +
    ' owner_id, error, progress_done, progress_total, progress_note, created_at';
  const row =
    `'leaderboards.rank', 'pending', '{}', 0, ${now}, 0, 0, '', 0, 0,` +
    ` 0, '', 0, 0, '', ${now}`;
  const script =
    'import sqlite3, sys\n' +
    'with sqlite3.connect(sys.argv[1]) as db:\n' +
    `    db.execute("INSERT INTO jobs (${columns}) VALUES (${row})")\n`;
  execFileSync('python3', ['-c', script, join(server.data, 'atelier.db')]);
  await server.start();
  await server.settle('root');
}

/** Before there is anything to rank: the hourly ranking may come at any moment of this journey. */
async function noBoards(visitor) {
  await visitor.page.goto('/leaderboards');
  await visitor.page.getByText('No rankings yet').waitFor();
  await visitor.look('unranked');
}

async function boards(visitor, server) {
  const { page } = visitor;
  await rankNow(server);
  await page.goto('/leaderboards');
  await page.getByRole('link', { name: 'Images', exact: true }).last().waitFor();
  await page.getByRole('listitem').getByRole('link', { name: 'mira' }).first().waitFor();
  await visitor.look('boards');
  await page.getByRole('heading', { name: 'Images' }).getByRole('link').click();
  await page.getByRole('cell', { name: 'mira' }).waitFor();
  await visitor.look('board');
  await page.getByRole('link', { name: 'All leaderboards' }).click();
  await page.getByRole('heading', { level: 1, name: 'Leaderboards' }).waitFor();
}

export async function play({ server, visit, models }) {
  await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const otto = await server.person('otto');
  const visitor = await visit();
  await visitor.signIn(otto);
  await noBoards(visitor);

  const seed = await Seed.of(server, 'mira');
  const bytes = readFileSync(join(models, 'loras/one.safetensors'));
  const model = await seed.model('Copperplate', bytes);
  const post = { title: 'Hers', version: model.version, images: [{ seed: 7 }] };
  const { images } = await seed.post(post);
  await (await Seed.of(server, 'otto')).put(`/reactions/image/${images[0]}/Like`);

  const owner = await visit();
  await owner.signIn(mira);
  await review(visitor, model.id);
  await thread(visitor, owner, model.id);
  await follow(visitor);

  await boards(visitor, server);
}
