import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../api/images';
import { pieces, recipeText, settingsOf } from './words';

const recipe: Recipe = {
  tool: 'automatic1111',
  toolVersion: '1.10.1',
  prompt: 'a copper kettle, <lora:etching:0.8>',
  negativePrompt: 'blurry',
  seed: '18446744073709551615',
  steps: 28,
  sampler: 'DPM++ 2M',
  scheduler: 'Karras',
  samplerKey: 'dpmpp_2m',
  schedulerKey: 'karras',
  cfgScale: 6.5,
  width: 832,
  height: 1216,
  model: 'base, trained',
  modelHash: 'abcdef0123',
  vae: '',
  resources: [],
  fields: [],
  faults: [],
  digitalSourceType: '',
  workflowName: '',
  createdAt: '',
};

describe('recipeText', () => {
  it('is what other tools read, with every digit of the seed', () => {
    expect(recipeText(recipe)).toBe(
      [
        'a copper kettle, <lora:etching:0.8>',
        'Negative prompt: blurry',
        'Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, ' +
          'Seed: 18446744073709551615, Size: 832x1216, Model hash: abcdef0123, ' +
          'Model: "base, trained"',
      ].join('\n'),
    );
  });

  it('says nothing that is not known', () => {
    const bare = { ...recipe, negativePrompt: '', steps: undefined, seed: undefined };
    expect(recipeText(bare)).not.toContain('undefined');
    expect(recipeText(bare)).not.toContain('Negative');
  });
});

describe('settingsOf', () => {
  it('leaves out what the file does not say', () => {
    const rows = new Map(settingsOf(recipe));
    expect(rows.get('Size')).toBe('832 × 1216');
    expect(rows.get('Tool')).toBe('A1111 web UI 1.10.1');
    expect(rows.has('Clip skip')).toBe(false);
  });
});

describe('pieces', () => {
  it('finds networks and keeps every character', () => {
    const prompt = '<lora:a b:1:0.5>one, <hypernet:x> <2 (two:1.2)';
    const found = pieces(prompt);
    expect(found.map((piece) => piece.text).join('')).toBe(prompt);
    expect(found.filter((piece) => piece.network).map((piece) => piece.network!.name)).toEqual([
      'a b',
      'x',
    ]);
  });

  it('survives what looks like a network and is none', () => {
    expect(pieces('<lora:>')).toEqual([{ text: '<lora:>' }]);
    expect(pieces('')).toEqual([]);
  });
});
