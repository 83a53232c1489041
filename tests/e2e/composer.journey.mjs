// The post composer with a mouse: files come by the clipboard and by dropping them on the page, are
// put in order by dragging, and the post is scheduled, published and taken back.
import { strict as assert } from 'node:assert';
import { picture } from './support/pictures.mjs';

const png = (seed, width = 320, height = 320) => [...picture({ width, height, seed })];

/** What the page sees when somebody pastes or drops files. */
async function give(page, kind, bytes) {
  await page.evaluate(
    ([event, all]) => {
      const data = new DataTransfer();
      for (const [index, one] of all.entries()) {
        const name = `${event}${index}.png`;
        data.items.add(new File([new Uint8Array(one)], name, { type: 'image/png' }));
      }
      const init = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        event === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data }),
      );
    },
    [kind, bytes],
  );
}

const images = (page) => page.getByRole('list', { name: 'Images' }).getByRole('listitem');
const sizes = async (page) =>
  (await images(page).allInnerTexts()).map((text) => Number(/(\d+) × /.exec(text)?.[1]));

async function compose(creator) {
  const { page } = creator;
  await page.goto('/create-post');
  await page.getByRole('heading', { name: 'New post' }).waitFor();
  await give(page, 'paste', [png(1, 300)]);
  await page.getByText('300 × 320').waitFor();
  await give(page, 'drop', [png(2, 310), png(3, 330)]);
  await page.getByText('310 × 320').waitFor();
  await page.getByText('330 × 320').waitFor();
  assert.equal((await sizes(page))[0], 300, 'what came first stands first');
  const order = await sizes(page);
  await images(page).nth(2).dragTo(images(page).nth(0));
  await page.waitForFunction(
    (wanted) => document.querySelector('ol[aria-label=Images] li')?.innerText.includes(wanted),
    `${order[2]} × `,
  );
  assert.deepEqual(await sizes(page), [order[2], order[0], order[1]]);
  await page.getByLabel('Maturity of image 3').selectOption({ label: 'PG-13: suggestive' });
  await creator.look('ordered');
  await page.reload();
  await images(page).nth(2).waitFor();
  await page.getByText('330 × 320').waitFor();
  assert.deepEqual(await sizes(page), [order[2], order[0], order[1]], 'the order was kept');
  await page.getByRole('button', { name: 'Remove image 2' }).click();
  await images(page).nth(2).waitFor({ state: 'detached' });
}

export async function play({ server, visit }) {
  await server.person('root', 'administrator');
  const creator = await visit();
  const { page } = creator;
  await creator.signIn(await server.person('mira'));
  const stranger = await visit();
  stranger.expect(/404/);
  await compose(creator);

  await page.getByLabel('Title').fill('Three skies');
  await page.getByLabel('How mature are they?').selectOption('1');
  await page.getByLabel('Publish later').check();
  await page.getByLabel('Date and time').waitFor();
  await creator.look('later');
  await page.getByRole('button', { name: 'Schedule' }).click();
  await page.waitForURL(/\/posts\/\d+/);
  await page.getByText('Only you can see this post. It will be published').waitFor();
  await creator.look('scheduled');
  const id = /\/posts\/(\d+)/.exec(page.url())[1];
  await stranger.page.goto(`/posts/${id}`);
  await stranger.page.getByText('Nothing lives at this address').waitFor();

  // Among one's own posts it waits, and from there it is published at once after all.
  await page.getByRole('button', { name: 'Your menu' }).click();
  await page.getByRole('menuitem', { name: 'My posts' }).click();
  await page.getByRole('link', { name: 'Three skies' }).waitFor();
  await creator.look('my-posts');
  await page.getByRole('link', { name: 'Three skies' }).click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Publish now').check();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByText('Published', { exact: true }).waitFor();
  await stranger.page.reload();
  await stranger.page.getByRole('heading', { level: 1, name: 'Three skies' }).waitFor();
  // A stranger sees PG only: the third image is not among them.
  await stranger.page.getByRole('article').first().waitFor();
  assert.equal(await stranger.page.getByRole('article').count(), 1);

  await page.goto(`/create-post?post=${id}`);
  await page.getByRole('button', { name: 'Unpublish' }).click();
  await page.getByText('No longer published').waitFor();
  await stranger.page.reload();
  await stranger.page.getByText('Nothing lives at this address').waitFor();
}
