// The one-time link makes the first administrator, works once, and the empty house says so.
import { strict as assert } from 'node:assert';

export async function play({ server, visit }) {
  const visitor = await visit();
  const { page } = visitor;
  await page.goto('/');
  await page.getByText('This server has no administrator yet').waitFor();
  await page.goto(await server.setupPath());
  await page.getByRole('heading', { name: 'Open your atelier' }).waitFor();
  await visitor.look('setup');

  visitor.expect(/422/);
  await page.getByLabel('Email').fill('nobody');
  await page.getByLabel('Username').fill('anna');
  await page.getByLabel('Password', { exact: true }).fill('password');
  await page.getByLabel('Fill it with a demo community').uncheck();
  await page.getByRole('button', { name: 'Open' }).click();
  // All faults of the form at once, each at its field.
  for (const label of ['Email', 'Password']) {
    const field = page.getByLabel(label, { exact: true });
    await page.waitForFunction(
      (one) => one.getAttribute('aria-invalid') === 'true',
      await field.elementHandle(),
    );
  }
  await visitor.look('setup-faults');

  await page.getByLabel('Email').fill('anna@example.org');
  await page.getByLabel('Password', { exact: true }).fill('walnut-etching-lamp');
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByRole('heading', { name: 'Nothing has been published yet' }).waitFor();
  await visitor.look('empty-home');
  await page.getByRole('button', { name: 'Your menu' }).click();
  await page.getByRole('menuitem', { name: 'Administration' }).click();
  await page.getByRole('region', { name: 'Members' }).getByText('anna@example.org').waitFor();
  await visitor.look('members');

  const other = await visit();
  await other.page.goto(await server.setupPath());
  await other.page.getByRole('heading', { name: 'This server is already set up' }).waitFor();
  assert.equal(await other.page.getByLabel('Email').count(), 0);
}
