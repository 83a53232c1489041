// Going about a page with the Tab key, as people without a mouse do.
import { strict as assert } from 'node:assert';

/** Tabs until the focused element answers to `name`; as people would, but not for ever. */
export async function tabTo(page, name, exact = false) {
  for (let step = 0; step < 90; step += 1) {
    const found = await page.evaluate(() => {
      const one = document.activeElement;
      if (/^(BODY|MAIN)$/.test(one?.tagName) || one?.role === 'dialog') return [];
      const label = one?.labels?.[0]?.innerText ?? '';
      return [one?.getAttribute('aria-label') ?? '', label.trim(), one?.textContent?.trim() ?? ''];
    });
    if (found.some((text) => (exact ? text === name : text.includes(name)))) {
      const shown = await page.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement);
        return document.activeElement.matches(':focus-visible') && outlineStyle;
      });
      assert.ok(shown, `${name} has focus that can be seen`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${name}`);
}

/**
 * A page that is still being drawn may lose the first press; a person presses again. One listener
 * for all turns: a dialog that came late, between two listeners, would be a real one and stay open.
 */
export async function chooseFiles(page, name, files) {
  const shown = new Promise((resolve) => {
    page.on('filechooser', resolve);
  });
  for (let turn = 0; turn < 4; turn += 1) {
    await tabTo(page, name);
    await page.keyboard.press('Enter');
    const chooser = await Promise.race([shown, page.waitForTimeout(8000)]);
    if (chooser) return chooser.setFiles(files);
  }
  throw new Error('Enter never opened the file chooser');
}
