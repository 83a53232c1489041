// The moderators' desk by its keys, and what those who were decided about can say: an appeal from
// the settings, and one by somebody who was banned and cannot sign in.
import { strict as assert } from 'node:assert';
import { Seed } from './support/seed.mjs';

/** Every decision of the desk, each taken back again. */
async function decide(moderator, [first, second, third]) {
  const { page } = moderator;
  const { keyboard } = page;
  await page.goto('/moderation');
  const queue = page.getByRole('list', { name: 'Open reports' });
  await queue.getByRole('button').nth(2).waitFor();
  const chosen = () => queue.locator('[aria-current=true]').innerText();
  const evidence = page.getByRole('region', { name: 'What was reported' });
  await evidence.waitFor();
  const top = await chosen();
  await keyboard.press('j');
  await page.waitForFunction(
    (text) => document.querySelector('ol [aria-current=true]')?.innerText !== text,
    top,
  );
  await keyboard.press('k');
  await page.waitForFunction(
    (text) => document.querySelector('ol [aria-current=true]')?.innerText === text,
    top,
  );
  await moderator.look('queue');

  const left = (count) =>
    page.waitForFunction(
      (wanted) => document.querySelectorAll('ol[aria-label="Open reports"] li').length === wanted,
      count,
    );
  for (const key of ['1', '3', '4', '5', '6']) {
    await page.getByRole('button', { name: 'Nothing wrong' }).waitFor();
    await page.waitForFunction(
      () => !document.querySelector('section[aria-label=Decision] button[aria-disabled]'),
    );
    await keyboard.press(key);
    await left(2);
    await keyboard.press('u');
    await page.getByText(/Undone:/).waitFor();
    await left(3);
  }
  // The level, by its field and then the key; a word to the owner does not press keys.
  await page.goto(`/moderation?report=${third}`);
  await page.getByLabel('Maturity').selectOption('4');
  await page.getByRole('button', { name: 'Set to R' }).waitFor();
  await page.getByLabel('Message to the owner').fill('313 is not a decision');
  await moderator.look('level');
  await page.getByRole('heading', { level: 1 }).click();
  await keyboard.press('2');
  await left(2);
  await page.goto(`/moderation?report=${second}`);
  // Keys do nothing that cannot be done yet: not before one sees what was reported.
  await page.getByRole('button', { name: 'Take down and strike', disabled: false }).waitFor();
  await keyboard.press('4');
  await left(1);
  await page.goto(`/moderation?report=${first}`);
  await page.getByRole('button', { name: 'Ban' }).waitFor();
  await keyboard.press('6');
  await page.getByRole('heading', { name: 'Nothing to review' }).waitFor();
}

async function appeal(member) {
  const { page } = member;
  await page.goto('/settings/standing');
  await page.getByText('You have 1 active point').waitFor();
  await page.getByLabel('Why should it be overturned?').first().fill('It is a picture of a hill.');
  await member.look('standing');
  await page.getByRole('button', { name: 'Appeal' }).first().click();
  await page.getByText('Your appeal is being reviewed').waitFor();
}

async function appealBan(stranger, banned) {
  const { page } = stranger;
  await page.goto('/sign-in');
  await page.getByLabel('Email or username').fill(banned.email);
  await page.getByLabel('Password', { exact: true }).fill(banned.password);
  stranger.expect(/401|403/);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await stranger.look('banned');
  await page.getByRole('link', { name: 'Appeal' }).click();
  await page.getByRole('heading', { name: 'Appeal against a ban' }).waitFor();
  await page.getByLabel('Email or username').fill(banned.username);
  await page.getByLabel('Password', { exact: true }).fill(banned.password);
  await page.getByLabel('Why should it be lifted?').fill('That was somebody else.');
  await stranger.look('appeal');
  await page.getByRole('button', { name: 'Send the appeal' }).click();
  await page.getByText('A moderator who did not make the decision will review it.').waitFor();
}

/** Who decided first does not decide about the appeal; another moderator does. */
async function answer(moderator, other) {
  const first = moderator.page;
  await first.goto('/moderation/appeals');
  await first.getByText('somebody else decides the appeal').first().waitFor();
  const { page } = other;
  await page.goto('/moderation/appeals');
  const cases = page.getByRole('article');
  await cases.nth(1).waitFor();
  await other.look('appeals');
  const words = (text) => page.getByRole('article').filter({ hasText: text });
  const hill = words('It is a picture of a hill.');
  await hill.getByLabel('Your answer').fill('So it is.');
  await hill.getByRole('button', { name: 'Overturn the decision' }).click();
  await hill.waitFor({ state: 'detached' });
  const ban = words('That was somebody else.');
  await ban.getByLabel('Your answer').fill('It was you.');
  await ban.getByRole('button', { name: 'Uphold the decision' }).click();
  await page.getByRole('heading', { name: 'No appeals waiting' }).waitFor();
}

/** Words that are not wanted, kept and let go. */
async function block(moderator) {
  const { page } = moderator;
  await page.goto('/moderation/blocklist');
  await page.getByRole('heading', { name: 'Nothing is blocked' }).waitFor();
  await page.getByLabel('What to block').fill('cheapwatches');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('cell', { name: 'cheapwatches', exact: true }).waitFor();
  await moderator.look('blocklist');
  await page.getByRole('button', { name: 'Remove cheapwatches' }).click();
  await page.getByRole('heading', { name: 'Nothing is blocked' }).waitFor();
}

export async function play({ server, visit }) {
  await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const zeno = await server.person('zeno');
  const moderators = [await server.person('mara', 'moderator')];
  moderators.push(await server.person('marc', 'moderator'));
  await server.person('otto');
  const his = { title: 'His', images: [{ seed: 3 }] };
  const theirs = await (await Seed.of(server, 'zeno')).post(his);
  const hers = await (await Seed.of(server, 'mira')).post({
    title: 'Hills',
    images: [{ seed: 1 }, { seed: 2, width: 320 }],
  });
  const otto = await Seed.of(server, 'otto');
  const reports = [];
  for (const id of [theirs.images[0], ...hers.images]) {
    const body = { kind: 'image', id, reason: 'TOSViolation', details: `about ${id}` };
    reports.push((await otto.make('/reports', body)).id);
  }
  const moderator = await visit();
  await moderator.signIn(moderators[0]);
  await decide(moderator, reports);
  const member = await visit();
  await member.signIn(mira);
  await appeal(member);
  const stranger = await visit();
  await appealBan(stranger, zeno);
  const other = await visit();
  await other.signIn(moderators[1]);
  await answer(moderator, other);
  await member.page.goto('/settings/standing');
  await member.page.getByText('Your appeal was successful').waitFor();
  await member.page.getByText('So it is.').waitFor();
  await member.look('answered');
  assert.equal(await member.page.getByText('active point').count(), 0);
  await block(moderator);
}
