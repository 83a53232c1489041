// No spelling of a script in what people write goes off: every payload is sent as description,
// version notes, post details and bio, shown by the real pages, hovered, focused and pressed. The
// tripwire is a dialog, whatever page or frame opens it.
import { strict as assert } from 'node:assert';
import { payloads } from '../attacks/markdown_payloads.mjs';

const chunk = 60;

async function send(page, method, path, body) {
  const reply = await page.evaluate(
    async ([how, where, what]) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(where, { method: how, headers, body: JSON.stringify(what) });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body],
  );
  assert.ok(reply.status < 300, `${method} ${path}: ${JSON.stringify(reply)}`);
  return reply.body;
}

/** Does to all that was written what a visitor could do to it. */
async function provoke(page) {
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('main *')) {
      for (const kind of ['mouseover', 'mouseenter', 'pointerover', 'focus', 'toggle', 'error'])
        one.dispatchEvent(new Event(kind, { bubbles: false }));
      one.focus?.();
    }
    const away = (event) => {
      const link = event.target.closest?.('a');
      // What leaves the page is not followed; what would run on it is.
      if (link && /^https?:/.test(link.href)) event.preventDefault();
    };
    document.addEventListener('click', away, true);
    for (const link of document.querySelectorAll('main [class*=prose] *')) link.click?.();
    document.removeEventListener('click', away, true);
  });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
}

/** Live elements and attributes that could run something; none may be there. */
function dangers(page) {
  return page.evaluate(() => {
    const bad = [];
    const names = 'script,iframe,object,embed,base,meta,link,style,svg,math,form,frameset';
    for (const prose of document.querySelectorAll('main [class*=prose]')) {
      for (const one of prose.querySelectorAll(names)) bad.push(one.outerHTML.slice(0, 200));
      for (const one of prose.querySelectorAll('*'))
        for (const { name, value } of one.attributes)
          if (/^on/.test(name) || /^\s*(javascript|data|vbscript):/i.test(value))
            bad.push(one.outerHTML.slice(0, 200));
    }
    return bad;
  });
}

/** What the server makes of each payload alone: one that is never closed would hide the rest. */
async function rendered(server) {
  const pieces = [];
  for (let at = 0; at < payloads.length; at += chunk) {
    // A person for each lot, so that none is throttled.
    const name = `writer${at}`;
    await server.person(name);
    const { key } = await server.command('key', 'create', '--user', name, '--scopes', 'all');
    const write = async (method, path, body) => {
      const reply = await fetch(server.origin + path, {
        method,
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.ok(reply.ok, `${path}: ${reply.status}`);
      return reply.json();
    };
    const { id } = await write('POST', '/api/v2/models', { name, type: 'LORA' });
    for (const description of payloads.slice(at, at + chunk))
      pieces.push((await write('PATCH', `/api/v2/models/${id}`, { description })).descriptionHtml);
  }
  return pieces;
}

export async function play({ server, visit }) {
  assert.ok(payloads.length >= 100);
  const writer = await visit();
  await writer.signIn(await server.person('mallory'));
  // Without the policy of our pages, which would stop what the sanitizer let through.
  const context = await writer.context.browser().newContext({
    baseURL: server.origin,
    bypassCSP: true,
    storageState: await writer.context.storageState(),
  });
  const page = await context.newPage();
  const fired = [];
  context.on('page', (other) => fired.push(`a page opened: ${other.url()}`));
  page.on('dialog', (dialog) => {
    fired.push(dialog.message());
    return dialog.dismiss();
  });
  await page.goto('/');
  await page.evaluate(() => {
    document.body.innerHTML = '<img src=x onerror="alert(\'wired\')">';
  });
  await page.waitForTimeout(500);
  assert.deepEqual(fired.splice(0), ['wired']);
  const pieces = await rendered(server);
  assert.ok(pieces.filter((html) => html.includes('press')).length >= 100);
  await page.goto('/models');
  await page.locator('main').waitFor();
  // As web/src/ui/markdown.tsx shows them, one beside the other.
  await page.evaluate((all) => {
    for (const html of all) {
      const prose = document.createElement('div');
      prose.className = 'prose';
      prose.innerHTML = html;
      document.querySelector('main').append(prose);
    }
  }, pieces);
  assert.equal(await page.locator('main .prose').count(), pieces.length);
  await provoke(page);
  assert.deepEqual(await dangers(page), []);
  assert.deepEqual(fired, [], 'of single payloads');
  const model = await send(page, 'POST', '/api/v2/models', { name: 'Tripwire', type: 'LORA' });
  const { versions } = await send(page, 'POST', `/api/v2/models/${model.id}/versions`, {
    name: 'v1',
    baseModel: 'SDXL 1.0',
  });
  for (let at = 0; at < payloads.length; at += chunk) {
    // Apart by a rule, so that one that is never closed does not swallow the next.
    const each = payloads.slice(at, at + chunk);
    for (const text of [each.join('\n\n---\n\n'), each.toReversed().join('\n\n</p>\n\n')]) {
      await send(page, 'PATCH', `/api/v2/models/${model.id}`, { description: text });
      await send(page, 'PATCH', `/api/v2/versions/${versions[0].id}`, { description: text });
      await page.goto(`/models/${model.id}`);
      await page.getByRole('heading', { level: 1, name: 'Tripwire' }).waitFor();
      await provoke(page);
      assert.deepEqual(await dangers(page), []);
      assert.deepEqual(fired, [], `of payloads ${at} to ${at + chunk}`);
    }
  }
  const post = await send(page, 'POST', '/api/v2/posts', {
    title: '<img src=x onerror=alert(1)>',
    detail: payloads.slice(0, 100).join('\n\n'),
  });
  await page.goto(`/posts/${post.id}`);
  await page.locator('main').waitFor();
  await provoke(page);
  for (const at of [125, 150, 175]) {
    const bio = payloads.slice(at, at + 25).join('\n').slice(0, 2000);
    await send(page, 'PATCH', '/api/v2/me', { bio });
    await page.goto('/users/mallory');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await provoke(page);
    assert.deepEqual(await dangers(page), []);
  }
  // What the page's own address says is text, too.
  for (const path of [
    '/models?query=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
    '/models?tag=%22%3E%3Csvg%20onload%3Dalert(1)%3E',
    '/sign-in?next=javascript:alert(1)',
    '/users/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E',
  ]) {
    await page.goto(path);
    await page.locator('main').waitFor();
    await provoke(page);
  }
  assert.deepEqual(fired, []);
  await context.close();
}
