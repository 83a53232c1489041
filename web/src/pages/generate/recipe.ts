import type { GenerationModel, Workflow } from '../../api/generation';
import type { ImageResource, ImageView } from '../../api/images';
import { pieces } from '../../ui/recipe/words';
import { emptyDraft } from './draft';
import type { Chosen, Draft, Resource } from './draft';

/** A recipe as a draft, and the names of what took part in it but is not here. */
export interface Loaded {
  draft: Draft;
  missing: string[];
}

const mains: ImageResource['kind'][] = ['checkpoint', 'diffusion_model'];
const besides: ImageResource['kind'][] = [
  'lora',
  'lycoris',
  'dora',
  'embedding',
  'hypernetwork',
  'vae',
];

/** "sdxl\\ink v2.safetensors" → "ink v2". */
export function stem(name: string): string {
  return name
    .replace(/^.*[\\/]/, '')
    .replace(/\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx)$/i, '')
    .toLowerCase();
}

/** The version that it is linked to, else a model of that name that a backend has. */
function chosen(one: ImageResource, offered: GenerationModel[]): Chosen | undefined {
  if (one.version !== undefined) return { version: one.version };
  const found = offered.find(
    (model) => model.kind === one.kind && one.name && stem(model.name) === stem(one.name),
  );
  return found && { name: found.name };
}

/** Networks are resources here, not parts of the text. */
function bare(prompt: string): string {
  return pieces(prompt)
    .filter((piece) => !piece.network)
    .map((piece) => piece.text)
    .join('')
    .replace(/,(\s*,)+/g, ',')
    .replace(/^[\s,]+|[\s,]+$/g, '');
}

const whole8 = (side: number) => Math.max(64, Math.round(side / 8) * 8);

/** What an image says of its making, as something to ask for again. */
export function draftOfImage(view: ImageView, offered: GenerationModel[], before: Draft): Loaded {
  const { image, recipe } = view;
  const missing: string[] = [];
  let model: Chosen | undefined;
  const resources: Resource[] = [];
  for (const one of view.resources) {
    const main = mains.includes(one.kind);
    if ((!main && !besides.includes(one.kind)) || (main && model) || !one.detected) continue;
    const choice = chosen(one, offered);
    if (!choice) missing.push(one.name || one.hash);
    else if (main) model = choice;
    else resources.push({ ...choice, kind: one.kind, strength: one.strength ?? 1 });
  }
  const hires = recipe?.hires;
  // A second pass makes it larger than what was asked for at first.
  const width = recipe?.width ?? (hires ? undefined : image.width);
  const height = recipe?.height ?? (hires ? undefined : image.height);
  const sized = Boolean(width && height);
  const draft: Draft = {
    ...emptyDraft,
    workflow: hires ? 'hires' : 'txt2img',
    model,
    resources,
    prompt: bare(recipe?.prompt ?? ''),
    negativePrompt: bare(recipe?.negativePrompt ?? ''),
    shape: sized ? 'exact' : '1:1',
    width: sized ? whole8(width!) : undefined,
    height: sized ? whole8(height!) : undefined,
    factor: hires?.upscale,
    denoise: hires ? (hires.denoise ?? recipe?.denoise) : undefined,
    seed: recipe?.seed ?? '',
    keepSeed: recipe?.seed !== undefined,
    sampler: recipe?.samplerKey ?? '',
    scheduler: recipe?.schedulerKey ?? '',
    steps: recipe?.steps,
    guidance: recipe?.cfgScale ?? recipe?.guidance,
    clipSkip: recipe?.clipSkip,
    outputFormat: before.outputFormat,
    priority: before.priority,
    remixOf: image.id,
  };
  return { draft, missing };
}

/** Going on from an image: its words and models stay where the workflow has use for them. */
export function draftFrom(
  view: ImageView,
  workflow: Workflow,
  offered: GenerationModel[],
  before: Draft,
): Loaded {
  const { draft, missing } = draftOfImage(view, offered, before);
  return {
    missing: workflow === 'upscale' || workflow === 'removeBackground' ? [] : missing,
    draft: {
      ...draft,
      workflow,
      image: view.image.id,
      mask: undefined,
      shape: '1:1',
      width: undefined,
      height: undefined,
      factor: undefined,
      denoise: undefined,
      seed: '',
      keepSeed: false,
    },
  };
}
