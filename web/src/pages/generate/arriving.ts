import { useEffect, useRef, useState } from 'react';
import { generationOptionsQuery } from '../../api/generation';
import type { GenerationModel, Workflow } from '../../api/generation';
import { imageQuery, images } from '../../api/images';
import type { ImageView } from '../../api/images';
import type { GeneratorSearch } from '../../frame/generator';
import { modelOfVersionQuery, modelQuery } from '../../api/models';
import { queries } from '../../queries';
import { t } from '../../text/words';
import { say } from '../../ui/toast';
import { edits } from './draft';
import type { Change, Draft } from './draft';
import { imageOfFile } from '../../ui/picture-field/pictures';
import { draftFrom, draftOfImage } from './recipe';
import type { Loaded } from './recipe';

/** What was just loaded into the panel, and how it was before. */
export interface Arrival {
  view: ImageView;
  /** Of a file, which is only kept while it is of use; of an image here; or that image itself. */
  kind: 'file' | 'recipe' | 'source';
  /** The file said how it was made. */
  recipe: boolean;
  missing: string[];
  before: Draft;
}

const complain = (error: unknown) => say((error as Error).message, { bad: true });

/** The draft with this version in the place where it is of use. */
async function withVersion(draft: Draft, version: number): Promise<Draft> {
  const owner = await queries.fetchQuery(modelOfVersionQuery(version));
  const model = await queries.fetchQuery(modelQuery(owner));
  if (model.type === 'Upscaler') return { ...draft, workflow: 'upscale', upscaler: { version } };
  const workflow = draft.workflow === 'template' || draft.workflow === 'upscale'
    ? 'txt2img'
    : draft.workflow;
  if (model.type === 'Checkpoint') return { ...draft, workflow, model: { version } };
  const there = draft.resources.some((one) => one.version === version);
  const resources = there ? draft.resources : [...draft.resources, { version, strength: 1 }];
  return { ...draft, workflow, resources };
}

function workflowOf(text: string | undefined): Workflow {
  const asked = text as Workflow | undefined;
  return asked && edits(asked) ? asked : 'img2img';
}

/** Where recipes and models come from. */
export interface Coming {
  /** What it was opened with, by the address of the page or a link beside it. */
  asked: GeneratorSearch;
  /** It is in the panel, and does not come once more. */
  onTaken: () => void;
}

/** Recipes that come into the panel: with what opened it, or as files. */
export function useArriving(draft: Draft, change: Change, { asked, onTaken }: Coming) {
  const [arrival, setArrival] = useState<Arrival>();
  const [busy, setBusy] = useState(false);
  const current = useRef(draft);
  useEffect(() => {
    current.current = draft;
  });

  async function take(
    view: ImageView,
    kind: Arrival['kind'],
    load: (before: Draft, models: GenerationModel[]) => Loaded,
  ) {
    const models = (await queries.ensureQueryData(generationOptionsQuery())).models;
    const before = current.current;
    const { draft: next, missing } = load(before, models);
    const recipe = Boolean(view.recipe);
    const file = kind === 'file';
    if (recipe || !file) change(() => (file ? { ...next, remixOf: undefined } : next));
    setArrival({ view, kind, recipe, missing, before });
  }

  async function remix(id: number) {
    const view = await queries.fetchQuery(imageQuery(id));
    await take(view, 'recipe', (before, models) => draftOfImage(view, models, before));
  }

  async function start(id: number, workflow: Workflow) {
    const view = await queries.fetchQuery(imageQuery(id));
    await take(view, 'source', (before, models) => draftFrom(view, workflow, models, before));
  }

  async function follow() {
    const { remix: image, source, workflow, version, template } = asked;
    if (image) await remix(Number(image));
    else if (source) await start(Number(source), workflowOf(workflow));
    else if (version) {
      const next = await withVersion(current.current, Number(version));
      change(() => next);
    } else if (template) {
      change({ workflow: 'template', template: Number(template), parameters: {} });
    } else return;
  }

  const text = JSON.stringify(asked);
  const followed = useRef('{}');
  useEffect(() => {
    if (text === followed.current) return;
    followed.current = text;
    if (text === '{}') return;
    setBusy(true);
    void follow()
      .catch(complain)
      .finally(() => {
        setBusy(false);
        onTaken();
      });
  }, [text]); // eslint-disable-line react-hooks/exhaustive-deps

  /** A file that is no longer of use, and that only came for its recipe. */
  function tidy(one: Arrival | undefined) {
    if (one?.kind !== 'file' || current.current.image === one.view.image.id) return;
    void images.remove(one.view.image.id).catch(() => undefined);
  }

  return {
    arrival,
    busy,
    remix: (id: number) => void remix(id).catch(complain),
    file: async (file: File) => {
      tidy(arrival);
      setArrival(undefined);
      setBusy(true);
      try {
        const view = await imageOfFile(file);
        await take(view, 'file', (before, models) => draftOfImage(view, models, before));
      } catch (error) {
        say(t('{name}: {detail}', { name: file.name, detail: (error as Error).message }), {
          bad: true,
        });
      } finally {
        setBusy(false);
      }
    },
    /** Takes the loaded draft back. */
    undo: () => {
      if (arrival) change(() => arrival.before);
      tidy(arrival);
      setArrival(undefined);
    },
    /** Starts from what arrived, with what is in the panel. */
    use: () => {
      if (!arrival) return;
      const workflow = edits(draft.workflow) ? draft.workflow : 'img2img';
      change({ workflow, image: arrival.view.image.id, mask: undefined });
      setArrival(undefined);
    },
    dismiss: () => {
      tidy(arrival);
      setArrival(undefined);
    },
  };
}

export type Arriving = ReturnType<typeof useArriving>;
