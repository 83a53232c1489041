import { expect, test } from 'vitest';
import { exactWhole, largeDigits } from '../../api/exact-json';
import { emptyDraft, faultsOf, fitting, parameterFor, parametersOf } from './draft';
import { typeOf, valueOf } from './draft';
import { nodesOf } from './graph';

const graph = {
  '3': { class_type: 'KSampler', inputs: { seed: 7, steps: 20, cfg: 7.5, positive: ['6', 0] } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a fox' }, _meta: { title: 'Prompt' } },
  'a/b': { class_type: 'CLIPTextEncode', inputs: { text: '' } },
};
const nodes = nodesOf(graph);
const input = (node: number, name: string) =>
  nodes[node]!.inputs.find((one) => one.name === name)!;

test('an input suggests what kind of parameter it is', () => {
  expect(typeOf(input(0, 'seed'))).toBe('seed');
  expect(typeOf(input(0, 'steps'))).toBe('whole');
  expect(typeOf(input(0, 'cfg'))).toBe('real');
  expect(typeOf(input(1, 'text'))).toBe('text');
  expect(typeOf(input(0, 'positive'))).toBeUndefined();
  const large = exactWhole('18446744073709551615');
  expect(typeOf({ name: 'n', pointer: '', value: large })).toBe('seed');
});

test('names of parameters are theirs alone', () => {
  const first = parameterFor(nodes[1]!, input(1, 'text'), []);
  const second = parameterFor(nodes[2]!, input(2, 'text'), [first]);
  expect([first.name, first.title, second.name, second.title]).toEqual([
    'text',
    'Prompt',
    'text_2',
    '',
  ]);
  expect(second.pointers).toEqual(['/a~1b/inputs/text']);
});

test('fields become what the API takes', () => {
  const steps = { ...parameterFor(nodes[0]!, input(0, 'steps'), []), min: '1', max: '50' };
  const [sent] = parametersOf({ ...emptyDraft, parameters: [{ ...steps, fallback: '25' }] });
  expect(sent).toMatchObject({ name: 'steps', type: 'whole', fallback: 25, min: 1, max: 50 });
  const [plain] = parametersOf({ ...emptyDraft, parameters: [steps] });
  expect(plain!.fallback).toBeUndefined();
  const choices = 'euler\n\nddim\n';
  const choice = { ...steps, type: 'choice' as const, choices, fallback: 'ddim' };
  const [list] = parametersOf({ ...emptyDraft, parameters: [choice] });
  expect(list).toMatchObject({ choices: ['euler', 'ddim'], fallback: 'ddim', min: undefined });
  expect(valueOf('whole', 'many')).toBe('many');
  expect(largeDigits(valueOf('seed', '18446744073709551615'))).toBe('18446744073709551615');
});

test('after another graph came only parameters stay that lead somewhere', () => {
  const text = parameterFor(nodes[1]!, input(1, 'text'), []);
  const both = { ...text, pointers: [...text.pointers, '/9/inputs/text'] };
  const linked = { ...text, pointers: ['/3/inputs/positive'] };
  expect(fitting([both, linked], graph).map((one) => one.pointers)).toEqual([['/6/inputs/text']]);
});

test('faults stand where they belong', () => {
  const fault = (path: string) => ({ path, code: 'wrong_kind', detail: path });
  const { nodes: ofNodes, parameters } = faultsOf(
    [fault('/graph/a~1b'), fault('/parameters/1/pointers/0'), fault('/parameters/0/choices/3')],
    graph,
  );
  expect([...ofNodes]).toEqual([['a/b', ['/graph/a~1b']]]);
  expect([...parameters.keys()]).toEqual(['1/pointers/0', '0/choices']);
});
