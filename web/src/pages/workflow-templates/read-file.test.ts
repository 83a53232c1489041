import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readWorkflowFile } from './read-file';

const graph = '{"1":{"class_type":"KSampler","inputs":{}}}';
const document = '{"nodes":[{"id":1,"title":"Fuchs – 狐"}],"links":[]}';

function chunk(kind: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12); // the check sum is not read
  out.writeUInt32BE(data.length, 0);
  out.write(kind, 4, 'latin1');
  data.copy(out, 8);
  return out;
}
const png = (...chunks: Buffer[]) =>
  new Blob([
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', Buffer.alloc(13)),
      ...chunks,
    ]),
  ]);

test('a picture of ComfyUI carries its graph and its document', async () => {
  const file = png(
    chunk('tEXt', Buffer.from(`prompt\0${graph}`)),
    chunk('tEXt', Buffer.from(`workflow\0${document}`)),
  );
  expect(await readWorkflowFile(file)).toEqual({ workflow: graph, document });
});

test('packed texts and international texts are read', async () => {
  const packed = Buffer.concat([Buffer.from('prompt\0\0'), deflateSync(graph)]);
  const wide = Buffer.concat([Buffer.from('workflow\0\x01\0de\0\0'), deflateSync(document)]);
  expect(await readWorkflowFile(png(chunk('zTXt', packed), chunk('iTXt', wide)))).toEqual({
    workflow: graph,
    document,
  });
});

test('a picture without a workflow says so, a broken one too', async () => {
  expect(await readWorkflowFile(png())).toBe('nothing_in_picture');
  const cut = png(chunk('tEXt', Buffer.from(`prompt\0${graph}`)));
  expect(await readWorkflowFile(cut.slice(0, cut.size - 20))).toBe('nothing_in_picture');
});

test('the document is imported where nothing says what was executed', async () => {
  const file = png(chunk('tEXt', Buffer.from(`workflow\0${document}`)));
  expect(await readWorkflowFile(file)).toEqual({ workflow: document });
});

test('other pictures carry none, other files are taken as text', async () => {
  expect(await readWorkflowFile(new Blob(['RIFF'], { type: 'image/webp' }))).toBe(
    'nothing_in_picture',
  );
  expect(await readWorkflowFile(new Blob([graph]))).toEqual({ workflow: graph });
});

test('a text that unpacks to more than a workflow is not read', async () => {
  const bomb = Buffer.concat([Buffer.from('prompt\0\0'), deflateSync(Buffer.alloc(20 << 20))]);
  expect(await readWorkflowFile(png(chunk('zTXt', bomb)))).toBe('nothing_in_picture');
});
