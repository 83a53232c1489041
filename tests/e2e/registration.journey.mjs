// Who may make an account: everybody, those who were invited, nobody.
import { strict as assert } from 'node:assert';

async function signUp(page, name) {
  await page.getByLabel('Email').fill(`${name}@example.org`);
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password', { exact: true }).fill('walnut-etching-lamp');
  await page.getByRole('button', { name: 'Make the account' }).click();
}

async function rule(page, value) {
  await page.goto('/administration/settings');
  const saved = page.waitForResponse(
    (reply) => /admin\/settings$/.test(reply.url()) && reply.request().method() === 'PATCH',
  );
  await page.getByLabel('Who may make an account').selectOption(value);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await saved;
}

async function invitation(page) {
  await page.goto('/administration/invites');
  await page.getByLabel('For whom').fill('Anna');
  await page.getByRole('button', { name: 'Make a link and copy it' }).click();
  return page.getByRole('region', { name: 'Invitations' }).locator('code').first().innerText();
}

export async function play({ server, visit }) {
  const root = await server.person('root', 'administrator');
  const administrator = await visit();
  await administrator.signIn(root);

  await rule(administrator.page, 'closed');
  const stranger = await visit();
  stranger.expect(/403|422/);
  const { page } = stranger;
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'Sign up' }).count(), 0);
  await stranger.look('home-closed');
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Make an account' }).count(), 0);
  await page.goto('/sign-up');
  await page.getByRole('heading', { name: 'This server takes no new members' }).waitFor();
  await stranger.look('closed');

  await rule(administrator.page, 'invite');
  await page.goto('/sign-up');
  await page.getByText('You need an invitation').waitFor();
  await stranger.look('by-invite');
  await page.getByLabel('Invitation').fill('not-an-invitation');
  await signUp(page, 'anna');
  await page.getByRole('alert').waitFor();
  await stranger.look('wrong-invite');

  const code = await invitation(administrator.page);
  const phone = await visit({ phone: true });
  await phone.page.goto(`/sign-up?invite=${code}`);
  await phone.page.getByLabel('Email').waitFor();
  await phone.look('invited-phone');
  await signUp(phone.page, 'anna');
  await phone.page.getByRole('button', { name: 'Your menu' }).waitFor();

  await page.goto(`/sign-up?invite=${code}`);
  await signUp(page, 'berta');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Your menu' }).count(), 0);
  await stranger.look('invite-used');

  await rule(administrator.page, 'closed');
  await administrator.page.goto('/administration/invites');
  await administrator.page.getByText('Nobody may make an account now').waitFor();
  await administrator.look('invitations-closed');
}
