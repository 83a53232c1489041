import { describe, expect, it } from 'vitest';
import { draftOf, emptyDraft, hasChoices, missingIn, namesIn } from './draft';
import { requestOf, restoredDraft } from './draft';
import type { Draft } from './draft';

const full: Draft = {
  ...emptyDraft,
  prompt: '{red|blue} __animal__',
  negativePrompt: 'blurry',
  model: { version: 4 },
  resources: [{ name: 'ink', kind: 'lora', strength: 0.7 }],
  lists: { animal: 'fox\n\ncat', unused: 'x' },
  wildcards: 'all',
  seed: '7',
  keepSeed: true,
  steps: 12,
  denoise: 0.4,
  image: 3,
  mask: { choice: { file: 5 }, image: 3 },
  controls: [{ kind: 'canny', model: '', image: 8, weight: 0.5, start: 0, end: 0.8 }],
};

describe('requestOf', () => {
  it('sends what the workflow uses, and nothing else', () => {
    expect(requestOf(full)).toEqual({
      workflow: 'txt2img',
      model: { version: 4 },
      resources: [{ name: 'ink', kind: 'lora', strength: 0.7 }],
      prompt: '{red|blue} __animal__',
      negativePrompt: 'blurry',
      wildcards: 'all',
      wildcardLists: [{ name: 'animal', values: ['fox', 'cat'] }],
      aspect: '1:1',
      seed: '7',
      steps: 12,
      controls: [{ kind: 'canny', picture: { image: 8 }, weight: 0.5, start: 0, end: 0.8 }],
      quantity: 1,
      outputFormat: 'png',
    });
    expect(requestOf({ ...full, workflow: 'removeBackground' })).toEqual({
      workflow: 'removeBackground',
      image: { image: 3 },
      outputFormat: 'png',
    });
    expect(requestOf({ ...full, workflow: 'inpaint' })).toMatchObject({
      mask: { file: 5 },
      denoise: 0.4,
    });
    const larger = { ...full, workflow: 'upscale' as const, target: { width: 2048 } };
    expect(requestOf(larger)).toMatchObject({ width: 2048 });
    expect(requestOf(larger)).not.toHaveProperty('model');
  });

  it('lets the seed be by chance unless it is kept', () => {
    expect(requestOf({ ...full, keepSeed: false })).not.toHaveProperty('seed');
  });
});

describe('draftOf', () => {
  it('asks for the same again', () => {
    for (const workflow of ['txt2img', 'img2img', 'inpaint', 'hires', 'upscale'] as const) {
      const request = requestOf({ ...full, workflow, shape: 'exact', width: 640, height: 832 });
      expect(requestOf(draftOf(request))).toEqual(request);
    }
    const template = requestOf({
      ...full,
      workflow: 'template',
      template: 2,
      parameters: { words: 'a cat', strength: 0.5 },
    });
    expect(template).toMatchObject({ templateId: 2, parameters: { words: 'a cat' } });
    expect(requestOf(draftOf(template))).toEqual(template);
  });
});

describe('what is missing', () => {
  it('is what the server would ask for first', () => {
    expect(missingIn(emptyDraft)).toEqual([]);
    expect(missingIn({ ...emptyDraft, workflow: 'inpaint' })).toEqual(['image', 'mask']);
    expect(missingIn({ ...emptyDraft, workflow: 'template' })).toEqual(['templateId']);
    const unit = { ...full.controls[0]!, image: undefined };
    expect(missingIn({ ...full, controls: [unit] })).toEqual(['controls/0/picture']);
  });
});

describe('restoredDraft', () => {
  it('is what was kept, or empty where that is of another kind', () => {
    expect(restoredDraft(JSON.stringify(full))).toEqual(full);
    expect(restoredDraft('{"prompt": "a fox"}')).toEqual({ ...emptyDraft, prompt: 'a fox' });
    for (const text of [null, '', '[', '{"resources": "none"}', '{"prompt": 7}', '"x"', '7'])
      expect(restoredDraft(text)).toEqual(emptyDraft);
  });
});

describe('wildcards', () => {
  it('are seen where they are, and only there', () => {
    expect(namesIn('a __big animal__ and __x__, __x__, ___')).toEqual(['big animal', 'x']);
    expect(hasChoices('{red|blue} fox')).toBe(true);
    expect(hasChoices('{red} fox, a_b __ c')).toBe(false);
  });
});
