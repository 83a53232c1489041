// Members, invitations, import, jobs and settings, as an administrator; and shut to others.
import { strict as assert } from 'node:assert';

export async function play({ server, visit, models }) {
  const root = await server.person('root', 'administrator');
  const mira = await server.person('mira');
  const visitor = await visit();
  const { page } = visitor;
  await visitor.signIn(root);

  await page.goto('/administration');
  await page.getByLabel('Role of mira').selectOption('moderator');
  await page.getByText('Saved').waitFor();
  await visitor.look('members');

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel('Who may make an account').selectOption('invite');
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByText('Saved').last().waitFor();
  await visitor.look('settings');

  await page.getByRole('link', { name: 'Invitations' }).click();
  await page.getByLabel('For whom').fill('Anna');
  await page.getByRole('button', { name: 'Make a link and copy it' }).click();
  const code = await page.getByRole('region', { name: 'Invitations' }).locator('code').innerText();
  await visitor.look('invitations');
  const guest = await visit();
  await guest.page.goto(`/sign-up?invite=${code}`);
  await guest.page.getByLabel('Email').fill('anna@example.org');
  await guest.page.getByLabel('Username').fill('anna');
  await guest.page.getByLabel('Password', { exact: true }).fill('walnut-etching-lamp');
  await guest.page.getByRole('button', { name: 'Make the account' }).click();
  await guest.page.getByRole('button', { name: 'Your menu' }).waitFor();

  await page.getByRole('link', { name: 'Import' }).click();
  await page.getByLabel('Folder on the server').fill(models);
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByText(/model files found/).waitFor({ timeout: 60_000 });
  await visitor.look('import');
  await page.goto('/models');
  await page.getByRole('feed').getByRole('link').first().waitFor();
  await visitor.look('models');

  await page.goto('/administration/jobs');
  await page.getByRole('region', { name: 'Jobs' }).locator('tbody tr').first().waitFor();
  await visitor.look('jobs');
  await page.getByRole('link', { name: /Failed/ }).click();
  await page.waitForURL(/state=failed/);

  const member = await visit();
  await member.signIn(mira);
  await member.page.goto('/administration');
  await member.page.getByRole('heading', { name: 'Only administrators come in here' }).waitFor();
  await member.look('forbidden');
  assert.equal(await member.page.getByRole('region', { name: 'Members' }).count(), 0);
}
