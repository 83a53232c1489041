// What people do with their account: profile, sessions, keys, password, signing out and in.
import { strict as assert } from 'node:assert';

export async function play({ server, visit }) {
  await server.person('root', 'administrator');
  const person = await server.person('mira');
  const visitor = await visit();
  const { page } = visitor;
  visitor.expect(/40[13]|422/);

  await page.goto('/my-models');
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await visitor.look('sign-in');
  await page.getByLabel('Email or username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My models' }).waitFor();
  await visitor.look('my-models-empty');

  await page.goto('/settings');
  await page.getByLabel('About you').fill('I carve.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').waitFor();
  await page.getByText('This server sends no mail').waitFor();
  await visitor.look('settings');

  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByLabel('Name').fill('downloader');
  await visitor.look('new-key');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = await page.locator('dialog code').innerText();
  assert.match(key, /^ate_\w{40,}$/);
  const headers = { Authorization: `Bearer ${key}` };
  const me = await fetch(`${server.origin}/api/v2/me`, { headers });
  assert.equal((await me.json()).user?.username, 'mira');
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await visitor.look('keys');
  await page.getByRole('button', { name: 'Revoke downloader' }).click();
  await page.getByText('You have no keys').waitFor();
  const refused = await fetch(`${server.origin}/api/v2/keys`, { headers });
  assert.equal(refused.status, 401);

  const elsewhere = await visit({ phone: true });
  await elsewhere.signIn(person);
  await page.getByRole('link', { name: 'Sessions' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().waitFor();
  await visitor.look('sessions');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await page.getByText('Signed out everywhere else').first().waitFor();
  elsewhere.expect(/401/);
  await elsewhere.page.goto('/settings');
  await elsewhere.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await elsewhere.look('sign-in-phone');

  await page.goto('/user/mira');
  await page.getByText('I carve.').waitFor();
  await visitor.look('profile');
  await page.getByRole('button', { name: 'Your menu' }).click();
  await visitor.look('menu');
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign up' }).waitFor();
  await page.goto('/forgot');
  await page.getByText('This server sends no mail').waitFor();
  await visitor.look('forgot');
}
