// A person at a browser. Whatever the page complains about (console, policy, accessibility) fails
// the journey.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { strict as assert } from 'node:assert';

const require = createRequire(new URL('../../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: ['--headless', ...switches] });
}

export class Visitor {
  static async enter(browser, { origin, theme, shots, phone = false }) {
    const visitor = new Visitor();
    visitor.context = await browser.newContext({
      baseURL: origin,
      colorScheme: theme,
      viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
      acceptDownloads: true,
    });
    visitor.context.setDefaultTimeout(20_000);
    visitor.page = await visitor.context.newPage();
    visitor.shots = shots;
    visitor.complaints = [];
    visitor.expected = [];
    visitor.page.on('pageerror', (error) => visitor.complaints.push(String(error)));
    visitor.page.on('console', (message) => {
      if (message.type() === 'error') visitor.complaints.push(message.text());
    });
    return visitor;
  }

  /** Complaints that this journey provokes on purpose, such as a refused request. */
  expect(pattern) {
    this.expected.push(pattern);
  }

  /** Looks at the page: a picture, no axe violation, nothing wider than the window. */
  async look(name) {
    const { page } = this;
    // A page that has not been drawn yet has no heading to look at.
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await page.screenshot({ path: join(this.shots, `${name}.png`), animations: 'disabled' });
    const found = await page.evaluate(async (source) => {
      (0, eval)(source);
      const { violations } = await globalThis.axe.run(document);
      return violations.map((one) => `${one.id}: ${one.nodes.map((n) => n.target).join(', ')}`);
    }, axe);
    assert.deepEqual(found, [], `axe on ${name} (${page.url()})`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px wider than the window`);
  }

  async signIn({ email, password }) {
    const { page } = this;
    await page.goto('/sign-in');
    await page.getByLabel('Email or username').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Your menu' }).waitFor();
  }

  async leave() {
    await this.context.close();
    const unexpected = this.complaints.filter(
      (text) => !this.expected.some((pattern) => pattern.test(text)),
    );
    assert.deepEqual(unexpected, [], 'what the page complained about');
  }
}
