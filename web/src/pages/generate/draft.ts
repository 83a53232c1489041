import { useEffect, useState } from 'react';
import type { GenerationRequest, PictureChoice, Workflow } from '../../api/generation';
import type { Body } from '../../api/shapes';

export type ResourceKind = Body<'ResourceKind'>;
export type Wildcards = Body<'Wildcards'>;
export type OutputFormat = Body<'OutputFormat'>;
export type Priority = Body<'GenerationPriority'>;

/** A model of the catalogue by its version, or one that only a backend has by its name there. */
export interface Chosen {
  version?: number;
  name?: string;
}

export interface Resource extends Chosen {
  /** Of one given by name. */
  kind?: ResourceKind;
  strength: number;
}

/** What is to be painted over: white = edit. */
export interface Mask {
  choice: PictureChoice;
  /** The image it was painted on. */
  image: number;
  /** Its PNG in base64, to go on painting; absent where it was too large to be kept. */
  png?: string;
  /** Part of the picture that is edited, 0 to 1. */
  share?: number;
}

export interface Control {
  kind: string;
  /** A control model by its name at a backend; "" = whatever it has. */
  model: string;
  image?: number;
  weight: number;
  start: number;
  end: number;
}

/** Everything the panel holds; what the workflow does not use is kept for another one. */
export interface Draft {
  workflow: Workflow;
  model?: Chosen;
  upscaler?: Chosen;
  resources: Resource[];
  prompt: string;
  negativePrompt: string;
  wildcards: Wildcards;
  /** Values for the names in the prompt, one a line. */
  lists: Record<string, string>;
  /** "3:4", or "exact": then width and height count, where they are given. */
  shape: string;
  width?: number;
  height?: number;
  factor?: number;
  /** Upscaling goes to this size instead of by a factor; one side is enough. */
  target?: { width?: number; height?: number };
  seed: string;
  /** The seed is sent; else each submission gets one by chance. */
  keepSeed: boolean;
  quantity: number;
  /** "" = what fits the model. */
  sampler: string;
  scheduler: string;
  steps?: number;
  guidance?: number;
  clipSkip?: number;
  denoise?: number;
  controls: Control[];
  /** The picture it starts from. */
  image?: number;
  mask?: Mask;
  template?: number;
  parameters: Record<string, unknown>;
  outputFormat: OutputFormat;
  priority: Priority;
  tags: string[];
  remixOf?: number;
}

export const emptyDraft: Draft = {
  workflow: 'txt2img',
  resources: [],
  prompt: '',
  negativePrompt: '',
  wildcards: 'random',
  lists: {},
  shape: '1:1',
  seed: '',
  keepSeed: false,
  quantity: 1,
  sampler: '',
  scheduler: '',
  controls: [],
  parameters: {},
  outputFormat: 'png',
  priority: 'normal',
  tags: [],
};

const place = (user: number) => `generator-draft-${user}`;

/** What an older version of the page kept may lack members, or be anything at all. */
export function restoredDraft(text: string | null): Draft {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Draft> | null;
    if (typeof kept !== 'object' || kept === null) return emptyDraft;
    const same = Object.entries(emptyDraft).every(([name, empty]) => {
      const value = kept[name as keyof Draft];
      return (
        value === undefined ||
        (typeof value === typeof empty && Array.isArray(value) === Array.isArray(empty))
      );
    });
    return same ? { ...emptyDraft, ...kept } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

export type Change = (part: Partial<Draft> | ((before: Draft) => Draft)) => void;

/** The viewer's draft, which outlives the page in this browser. */
export function useDraft(user: number): [Draft, Change] {
  const [draft, setDraft] = useState(() => {
    try {
      return restoredDraft(localStorage.getItem(place(user)));
    } catch {
      return emptyDraft;
    }
  });
  useEffect(() => {
    try {
      localStorage.setItem(place(user), JSON.stringify(draft));
    } catch {
      // Without storage, or when it is full, the draft lives as long as the page.
    }
  }, [draft, user]);
  return [
    draft,
    (part) =>
      setDraft((before) => (typeof part === 'function' ? part(before) : { ...before, ...part })),
  ];
}

export const samples = (workflow: Workflow) =>
  workflow === 'txt2img' ||
  workflow === 'img2img' ||
  workflow === 'inpaint' ||
  workflow === 'hires';
/** It starts from a picture. */
export const edits = (workflow: Workflow) =>
  workflow === 'img2img' ||
  workflow === 'inpaint' ||
  workflow === 'upscale' ||
  workflow === 'removeBackground';
export const denoises = (workflow: Workflow) =>
  workflow === 'img2img' || workflow === 'inpaint' || workflow === 'hires';
export const grows = (workflow: Workflow) => workflow === 'upscale' || workflow === 'hires';
/** Its size may be given as a shape. */
export const shaped = (workflow: Workflow) => workflow === 'txt2img' || workflow === 'hires';

/** The same request may make other pictures, by its seed. */
export const varies = (workflow: Workflow) => samples(workflow) || workflow === 'template';

/** The names between double underscores, each once. */
export function namesIn(prompt: string): string[] {
  return [...new Set([...prompt.matchAll(/__([\w./ -]{1,60}?)__/g)].map((found) => found[1]!))];
}

export const hasChoices = (prompt: string) =>
  namesIn(prompt).length > 0 || /\{[^{}]*\|[^{}]*\}/.test(prompt);

function sizeOf(draft: Draft): GenerationRequest {
  const { workflow, width, height, factor } = draft;
  if (shaped(workflow)) {
    const size = draft.shape === 'exact' ? { width, height } : { aspect: draft.shape };
    return workflow === 'hires' ? { ...size, factor } : size;
  }
  if (workflow === 'img2img') return draft.shape === 'exact' ? { width, height } : {};
  if (workflow === 'upscale') return draft.target ?? { factor: factor ?? 2 };
  return {};
}

function wildcardsOf(draft: Draft): GenerationRequest {
  if (!hasChoices(draft.prompt)) return {};
  const wildcardLists = namesIn(draft.prompt)
    .map((name) => ({
      name,
      values: (draft.lists[name] ?? '').split('\n').filter((line) => line.trim() !== ''),
    }))
    .filter((list) => list.values.length > 0);
  return {
    wildcards: draft.wildcards,
    wildcardLists: wildcardLists.length ? wildcardLists : undefined,
  };
}

function controlsOf(draft: Draft): GenerationRequest['controls'] {
  return draft.controls.map(({ kind, model, image, weight, start, end }) => ({
    kind,
    model: model ? { name: model } : undefined,
    picture: { image },
    weight,
    start,
    end,
  }));
}

function samplingOf(draft: Draft): GenerationRequest {
  const { prompt, negativePrompt, steps, guidance, clipSkip } = draft;
  return {
    model: draft.model && { version: draft.model.version, name: draft.model.name },
    resources: draft.resources.length
      ? draft.resources.map(({ version, name, kind, strength }) => ({
          version,
          name,
          kind: name === undefined ? undefined : kind,
          strength,
        }))
      : undefined,
    prompt,
    negativePrompt: negativePrompt || undefined,
    ...wildcardsOf(draft),
    sampler: draft.sampler || undefined,
    scheduler: draft.scheduler || undefined,
    steps,
    guidance,
    clipSkip,
    denoise: denoises(draft.workflow) ? draft.denoise : undefined,
    controls: draft.controls.length ? controlsOf(draft) : undefined,
  };
}

/** What is sent: only what the workflow uses, and nothing that the server knows better. */
export function requestOf(draft: Draft): GenerationRequest {
  const { workflow } = draft;
  const known = { ...sizeOf(draft), ...(samples(workflow) ? samplingOf(draft) : {}) };
  const all: GenerationRequest = {
    workflow,
    ...known,
    model: workflow === 'upscale' ? draft.upscaler : known.model,
    image: edits(workflow) && draft.image ? { image: draft.image } : undefined,
    mask: workflow === 'inpaint' ? draft.mask?.choice : undefined,
    templateId: workflow === 'template' ? draft.template : undefined,
    parameters:
      workflow === 'template' && Object.keys(draft.parameters).length
        ? draft.parameters
        : undefined,
    seed: varies(workflow) && draft.keepSeed && draft.seed ? draft.seed : undefined,
    quantity: varies(workflow) ? draft.quantity : undefined,
    outputFormat: draft.outputFormat,
    priority: draft.priority === 'normal' ? undefined : draft.priority,
    tags: draft.tags.length ? draft.tags : undefined,
    remixOf: draft.remixOf,
  };
  // Absent and undefined are one to the server, and should be to whoever compares requests.
  return JSON.parse(JSON.stringify(all)) as GenerationRequest;
}

/** What has to be there before the server can say anything about the request. */
export function missingIn(draft: Draft): string[] {
  const missing: string[] = [];
  if (edits(draft.workflow) && !draft.image) missing.push('image');
  if (draft.workflow === 'inpaint' && !draft.mask) missing.push('mask');
  if (draft.workflow === 'template' && !draft.template) missing.push('templateId');
  if (samples(draft.workflow)) {
    for (const [index, control] of draft.controls.entries())
      if (!control.image) missing.push(`controls/${index}/picture`);
  }
  return missing;
}

/** The draft that asks for the same: of a preset, or of something asked for before. */
export function draftOf(request: GenerationRequest): Draft {
  const workflow = request.workflow ?? 'txt2img';
  const { width, height } = request;
  const sized = width !== undefined || height !== undefined;
  const upscales = workflow === 'upscale';
  const image = request.image?.image;
  return {
    ...emptyDraft,
    workflow,
    model: upscales ? undefined : request.model,
    upscaler: upscales ? request.model : undefined,
    resources: (request.resources ?? []).map((one) => ({ ...one, strength: one.strength ?? 1 })),
    prompt: request.prompt ?? '',
    negativePrompt: request.negativePrompt ?? '',
    wildcards: request.wildcards ?? 'random',
    lists: Object.fromEntries(
      (request.wildcardLists ?? []).map((list) => [list.name, list.values.join('\n')]),
    ),
    shape: sized && !upscales ? 'exact' : (request.aspect ?? '1:1'),
    width: upscales ? undefined : width,
    height: upscales ? undefined : height,
    factor: request.factor,
    target: upscales && sized ? { width, height } : undefined,
    seed: request.seed === undefined ? '' : String(request.seed),
    keepSeed: request.seed !== undefined,
    quantity: request.quantity ?? 1,
    sampler: request.sampler ?? '',
    scheduler: request.scheduler ?? '',
    steps: request.steps,
    guidance: request.guidance,
    clipSkip: request.clipSkip,
    denoise: request.denoise,
    controls: (request.controls ?? []).map((one) => ({
      kind: one.kind,
      model: one.model?.name ?? '',
      image: one.picture.image,
      weight: one.weight ?? 1,
      start: one.start ?? 0,
      end: one.end ?? 1,
    })),
    image,
    mask: request.mask && image ? { choice: request.mask, image } : undefined,
    template: request.templateId,
    parameters: (request.parameters ?? {}) as Record<string, unknown>,
    outputFormat: request.outputFormat ?? 'png',
    priority: request.priority ?? 'normal',
    tags: request.tags ?? [],
    remixOf: request.remixOf,
  };
}
