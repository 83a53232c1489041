import { describe, expect, it } from 'vitest';
import type { ImageResource, ImageView } from '../../api/images';
import { emptyDraft, requestOf } from './draft';
import { draftFrom, draftOfImage, stem } from './recipe';

const resource = (part: Partial<ImageResource>): ImageResource => ({
  name: '',
  kind: 'lora',
  hash: '',
  air: '',
  detected: true,
  ...part,
});

function viewOf(part: Partial<NonNullable<ImageView['recipe']>>, resources: ImageResource[] = []) {
  return {
    image: { id: 12, width: 832, height: 1216 },
    resources,
    recipe: {
      prompt: 'a copper kettle, <lora:etching:0.8>, on a stove',
      negativePrompt: 'blurry',
      seed: '18446744073709551615',
      steps: 28,
      samplerKey: 'dpmpp_2m',
      schedulerKey: 'karras',
      cfgScale: 6.5,
      clipSkip: 2,
      ...part,
    },
  } as unknown as ImageView;
}

describe('draftOfImage', () => {
  it('asks for the same again, with every digit of the seed', () => {
    const view = viewOf({}, [
      resource({ kind: 'checkpoint', name: 'base', version: 7 }),
      resource({ name: 'etching', version: 9, strength: 0.8 }),
      resource({ kind: 'vae', name: 'clear.safetensors' }),
    ]);
    const offered = [{ name: 'vae/Clear.ckpt', kind: 'vae', backends: ['one'] }];
    const { draft, missing } = draftOfImage(view, offered, emptyDraft);
    expect(missing).toEqual([]);
    expect(requestOf(draft)).toEqual({
      workflow: 'txt2img',
      model: { version: 7 },
      resources: [
        { version: 9, strength: 0.8 },
        { name: 'vae/Clear.ckpt', kind: 'vae', strength: 1 },
      ],
      prompt: 'a copper kettle, on a stove',
      negativePrompt: 'blurry',
      width: 832,
      height: 1216,
      sampler: 'dpmpp_2m',
      scheduler: 'karras',
      steps: 28,
      guidance: 6.5,
      clipSkip: 2,
      seed: '18446744073709551615',
      quantity: 1,
      outputFormat: 'png',
      remixOf: 12,
    });
  });

  it('tells what is not here, and leaves out what was only posted there', () => {
    const view = viewOf({}, [
      resource({ kind: 'checkpoint', name: 'gone.safetensors' }),
      resource({ name: 'of the gallery', version: 3, detected: false }),
    ]);
    const { draft, missing } = draftOfImage(view, [], emptyDraft);
    expect(missing).toEqual(['gone.safetensors']);
    expect(draft.model).toBeUndefined();
    expect(draft.resources).toEqual([]);
  });

  it('knows a second pass', () => {
    const hires = { upscale: 1.5, denoise: 0.3, upscaler: '', sampler: '', scheduler: '' };
    const { draft } = draftOfImage(viewOf({ hires, width: 515, height: 768 }), [], emptyDraft);
    expect(draft).toMatchObject({ workflow: 'hires', factor: 1.5, denoise: 0.3, width: 512 });
  });

  it('makes something of an image without a recipe', () => {
    const view = { ...viewOf({}), recipe: undefined } as ImageView;
    const { draft } = draftOfImage(view, [], emptyDraft);
    expect(draft).toMatchObject({ prompt: '', width: 832, keepSeed: false });
  });
});

describe('draftFrom', () => {
  it('starts from the picture, at its size and with a seed of its own', () => {
    const { draft } = draftFrom(viewOf({}), 'upscale', [], emptyDraft);
    expect(requestOf(draft)).toEqual({
      workflow: 'upscale',
      image: { image: 12 },
      factor: 2,
      outputFormat: 'png',
      remixOf: 12,
    });
    const inpaint = draftFrom(viewOf({}), 'inpaint', [], emptyDraft).draft;
    expect(requestOf(inpaint)).toMatchObject({ prompt: 'a copper kettle, on a stove', steps: 28 });
    expect(requestOf(inpaint)).not.toHaveProperty('width');
  });
});

describe('stem', () => {
  it('is what people call a file', () => {
    expect(stem('sdxl\\Ink v2.safetensors')).toBe('ink v2');
    expect(stem('a/b/c.d')).toBe('c.d');
  });
});
