import { queryOptions } from '@tanstack/react-query';
import { answer, api } from './client';
import { parseExact, writeExact } from './exact-json';
import type { paths } from './schema';
import type { Body } from './shapes';

export type Generation = Body<'GenerationCard'>;
export type GenerationStatus = Body<'GenerationStatus'>;
export type GenerationStep = Body<'GenerationStep'>;
export type GenerationAttempt = Body<'GenerationAttempt'>;
export type GeneratedImage = Body<'GeneratedImage'>;
/** What is asked for. A seed is a number or its digits; answers give digits. */
export type GenerationRequest = Body<'GenerationRequest'>;
export type Workflow = Body<'Workflow'>;
export type ModelChoice = Body<'ModelChoice'>;
export type ResourceChoice = Body<'ResourceChoice'>;
export type PictureChoice = Body<'PictureChoice'>;
export type ControlChoice = Body<'ControlChoice'>;
export type Estimate = Body<'GenerationEstimate'>;
export type GenerationOptions = Body<'GenerationOptions'>;
export type GenerationModel = Body<'GenerationModel'>;
export type Preset = Body<'PresetRow'>;
export type Template = Body<'TemplateCard'>;
export type TemplateParameter = Body<'TemplateParameter'>;
export type ImportedWorkflow = Body<'ImportedWorkflow'>;
export type Backend = Body<'BackendRow'>;
export type BackendHealth = Body<'BackendHealth'>;
export type DetectedBackend = Body<'DetectedBackend'>;
export type IdentifiedBackend = Body<'IdentifiedBackend'>;
export type BackendOffer = Body<'OfferRow'>;
export type BackendLoad = Body<'BackendLoad'>;

type GenerationQuery = NonNullable<paths['/api/v2/generations']['get']['parameters']['query']>;
export type GenerationFilter = Omit<GenerationQuery, 'cursor' | 'limit'>;
type GenerationChanges = NonNullable<
  paths['/api/v2/generations/{id}']['patch']['requestBody']
>['content']['application/json'];
export type BackendChanges = NonNullable<
  paths['/api/v2/backends/{id}']['patch']['requestBody']
>['content']['application/json'];
type TemplateChanges = NonNullable<
  paths['/api/v2/workflow-templates/{id}']['patch']['requestBody']
>['content']['application/json'];

// Graphs and their parameters carry seeds that a JavaScript number does not hold.
const asText = { parseAs: 'text' as const };
const exactly = { bodySerializer: writeExact };

const byId = (id: number) => ({ params: { path: { id } } });

/** Ended, one way or another: nothing of it changes by itself any more. */
export function isFinal(status: GenerationStatus): boolean {
  return status !== 'queued' && status !== 'running';
}

type OptionsOf = NonNullable<paths['/api/v2/generations/options']['get']['parameters']['query']>;

/** What can be asked for here now, and what fits a base model. */
export const generationOptionsQuery = (of: OptionsOf = {}) =>
  queryOptions({
    queryKey: ['generation', 'options', of],
    queryFn: () => answer(api.GET('/api/v2/generations/options', { params: { query: of } })),
  });

/** What this request would cost, and when it would be done. Its faults are told as a `Problem`. */
export const estimateQuery = (request: GenerationRequest) =>
  queryOptions({
    queryKey: ['generation', 'estimate', request],
    queryFn: ({ signal }) =>
      answer(api.POST('/api/v2/generations/estimate', { body: request, signal })),
    staleTime: 5_000,
    gcTime: 60_000,
    retry: false,
  });

export const generations = {
  /** Newest first; without the guesses of begin and end that single ones have. */
  list: (query: GenerationQuery) => answer(api.GET('/api/v2/generations', { params: { query } })),
  get: (id: number) => answer(api.GET('/api/v2/generations/{id}', byId(id))),
  /** Sending again with the same key gives what the first sending made. */
  create: (body: GenerationRequest, key?: string) =>
    answer(
      api.POST('/api/v2/generations', {
        body,
        ...exactly,
        headers: key ? { 'Idempotency-Key': key } : undefined,
      }),
    ),
  /** What failed, was canceled or expired, once more. */
  retry: (id: number) => answer(api.POST('/api/v2/generations/{id}/retry', byId(id))),
  change: (id: number, body: GenerationChanges) =>
    answer(api.PATCH('/api/v2/generations/{id}', { ...byId(id), body })),
  cancel: (id: number) => answer(api.POST('/api/v2/generations/{id}/cancel', byId(id))),
  /** `keepalive`: also when the page is being left. */
  remove: (id: number, keepalive = false) =>
    answer(api.DELETE('/api/v2/generations/{id}', { ...byId(id), keepalive })),
};

export const presetsQuery = queryOptions({
  queryKey: ['generation', 'presets'],
  queryFn: () => answer(api.GET('/api/v2/generation-presets')),
});

export const presets = {
  /** Takes the place of the one of that name. */
  keep: (name: string, request: GenerationRequest) =>
    answer(api.PUT('/api/v2/generation-presets', { body: { name, request } })),
  remove: (id: number) => answer(api.DELETE('/api/v2/generation-presets/{id}', byId(id))),
};

/** Workflows with named parameters; without their graphs. */
export const templatesQuery = queryOptions({
  queryKey: ['generation', 'templates'],
  queryFn: () => answer(api.GET('/api/v2/workflow-templates')),
});

export const templateQuery = (id: number) =>
  queryOptions({
    queryKey: ['generation', 'templates', id],
    queryFn: async () => {
      const sent = api.GET('/api/v2/workflow-templates/{id}', { ...byId(id), ...asText });
      return parseExact(await answer(sent)) as Template;
    },
  });

export const templates = {
  create: async (body: Body<'CreateTemplate'>) => {
    const sent = api.POST('/api/v2/workflow-templates', { body, ...asText, ...exactly });
    return parseExact(await answer(sent)) as Template;
  },
  change: async (id: number, body: TemplateChanges) => {
    const sent = api.PATCH('/api/v2/workflow-templates/{id}', {
      ...byId(id),
      body,
      ...asText,
      ...exactly,
    });
    return parseExact(await answer(sent)) as Template;
  },
  /** Reads a file of ComfyUI, without keeping it. */
  import: async (body: Body<'ImportWorkflow'>) => {
    const sent = api.POST('/api/v2/workflow-templates/import', { body, ...asText });
    return parseExact(await answer(sent)) as ImportedWorkflow;
  },
  remove: (id: number) => answer(api.DELETE('/api/v2/workflow-templates/{id}', byId(id))),
};

const nowAndThen = 5_000;

/** For administrators: backends, their health and load. */
export const backendsQuery = queryOptions({
  queryKey: ['admin', 'backends', 'list'],
  queryFn: () => answer(api.GET('/api/v2/backends')),
  refetchInterval: nowAndThen,
});

/** How busy they were in the last hour, by the minute. */
export const backendLoadQuery = queryOptions({
  queryKey: ['admin', 'backends', 'load'],
  queryFn: () => answer(api.GET('/api/v2/backends/load')),
  refetchInterval: 15_000,
});

/** Looks where such programs usually listen on the server's machine, when it is asked. */
export const detectedBackendsQuery = queryOptions({
  queryKey: ['admin', 'backends', 'detected'],
  queryFn: () => answer(api.GET('/api/v2/backends/detected')),
  staleTime: 60_000,
});

export const backends = {
  /** Asks an address what answers there, without adding it. */
  identify: (body: Body<'IdentifyBackend'>) =>
    answer(api.POST('/api/v2/backends/identify', { body })),
  add: (body: Body<'AddBackend'>) => answer(api.POST('/api/v2/backends', { body })),
  change: (id: number, body: BackendChanges) =>
    answer(api.PATCH('/api/v2/backends/{id}', { ...byId(id), body })),
  remove: (id: number) => answer(api.DELETE('/api/v2/backends/{id}', byId(id))),
  probe: (id: number) => answer(api.POST('/api/v2/backends/{id}/probe', byId(id))),
  drain: (id: number) => answer(api.POST('/api/v2/backends/{id}/drain', byId(id))),
  resume: (id: number) => answer(api.POST('/api/v2/backends/{id}/resume', byId(id))),
};
