// A forgotten password: the link comes by mail, works once, and signs every browser out.
import { strict as assert } from 'node:assert';
import { MailSink } from './support/mail.mjs';

export async function play({ server, visit }) {
  const sink = new MailSink();
  await sink.start();
  try {
    await server.end();
    server.environment = {
      ATELIER_ORIGIN: server.origin,
      ATELIER_MAIL_URL: sink.url,
      ATELIER_MAIL_FROM: 'atelier@example.org',
    };
    await server.start();
    await journey({ server, visit, sink });
  } finally {
    sink.end();
  }
}

async function journey({ server, visit, sink }) {
  await server.person('root', 'administrator');
  const person = await server.person('mira');
  const elsewhere = await visit();
  await elsewhere.signIn(person);
  await elsewhere.page.goto('/settings');
  await elsewhere.page.getByRole('heading', { name: 'Password' }).waitFor();
  assert.equal(await elsewhere.page.getByText('This server sends no mail').count(), 0);

  const visitor = await visit();
  const { page } = visitor;
  visitor.expect(/422|401/);
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page before it has a field of that name, too.
  await page.getByRole('button', { name: 'Send the link' }).waitFor();
  await page.getByLabel('Email').fill(person.email);
  await visitor.look('forgot');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('Look into your inbox').waitFor();
  await visitor.look('sent');

  const mail = await sink.next();
  assert.deepEqual(mail.to, [person.email]);
  const link = /^\S+\/reset-password\?token=\S+$/m.exec(mail.text)[0];
  assert.ok(link.startsWith(server.origin), link);

  await page.goto(link);
  await page.getByLabel('New password').fill('password1');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('on the list of the most common ones').waitFor();
  await visitor.look('weak');
  await page.getByLabel('New password').fill('seven green apples');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByRole('heading', { name: 'The new password is set' }).waitFor();
  await visitor.look('set');

  elsewhere.expect(/401/);
  await elsewhere.page.goto('/settings');
  await elsewhere.page.getByRole('heading', { name: 'Welcome back' }).waitFor();

  const phone = await visit({ phone: true });
  phone.expect(/422/);
  await phone.page.goto(link);
  await phone.page.getByLabel('New password').fill('eight blue plums');
  await phone.page.getByRole('button', { name: 'Set the password' }).click();
  await phone.page.getByText('This link was used before or is too old').waitFor();
  await phone.look('used-phone');
  await phone.page.getByRole('link', { name: 'Ask for a new link' }).click();
  await phone.page.getByRole('button', { name: 'Send the link' }).waitFor();

  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await page.getByLabel('Email or username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).fill('seven green apples');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Your menu' }).waitFor();
}
