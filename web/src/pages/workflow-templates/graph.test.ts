import { expect, test } from 'vitest';
import { layout, nodesOf, placeOf, valueText } from './graph';

const graph = {
  '3': {
    class_type: 'KSampler',
    inputs: { seed: 7, model: ['4', 0], positive: ['6', 0], latent_image: ['5', 0] },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'a.safetensors' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512 } },
  '6': {
    class_type: 'CLIPTextEncode',
    inputs: { text: 'a fox', clip: ['4', 1] },
    _meta: { title: 'Prompt' },
  },
  '9': { class_type: 'SaveImage', inputs: { images: ['3', 0], 'odd/name~': ['a', 'b'] } },
};

test('inputs are links or values, with their pointers', () => {
  const nodes = nodesOf(graph);
  const prompt = nodes.find((node) => node.id === '6')!;
  expect(prompt.title).toBe('Prompt');
  expect(prompt.inputs).toEqual([
    { name: 'text', pointer: '/6/inputs/text', value: 'a fox' },
    { name: 'clip', pointer: '/6/inputs/clip', from: '4' },
  ]);
  const odd = placeOf(nodes, '/9/inputs/odd~1name~0')!;
  expect(odd.input.value).toEqual(['a', 'b']);
  expect(placeOf(nodes, '/9/inputs/none')).toBeUndefined();
});

test('every node stands right of what it takes from, no two in one place', () => {
  const { placed, links } = layout(nodesOf(graph));
  const at = new Map(placed.map((one) => [one.node.id, one]));
  for (const link of links) {
    expect(at.get(link.from)!.column).toBeLessThan(at.get(link.to)!.column);
  }
  const key = ({ column, row }: { column: number; row: number }) => `${column} ${row}`;
  expect(new Set(placed.map(key)).size).toBe(placed.length);
  // A link that passes a column has a place there that no node has.
  const model = links.find((link) => link.from === '4' && link.to === '3')!;
  expect(model.through.map((one) => one.column)).toEqual([1]);
  expect(placed.map(key)).not.toContain(key(model.through[0]!));
  expect(at.get('5')!.column).toBe(at.get('3')!.column - 1);
});

test('a circle and things that are no nodes are drawn all the same', () => {
  const broken = {
    a: { class_type: 'A', inputs: { x: ['b', 0] } },
    b: { class_type: 'B', inputs: { x: ['a', 0] } },
    c: 'nothing',
  };
  expect(layout(nodesOf(broken)).placed).toHaveLength(3);
});

test('values as people read them', () => {
  expect([valueText('a fox'), valueText(7), valueText(true)]).toEqual(['a fox', '7', 'true']);
});
