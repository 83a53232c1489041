import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { generationOptionsQuery } from '../../api/generation';
import type { Generation, GenerationOptions } from '../../api/generation';
import { useViewer } from '../../api/session';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { useFilesAnywhere } from '../../ui/files-anywhere';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { AdvancedPart, DenoisePart } from './advanced-part';
import { ArrivalNote } from './arrival-note';
import { useArriving } from './arriving';
import type { Coming } from './arriving';
import { useAsking } from './asking';
import { PanelContext } from './context';
import type { PanelState } from './context';
import { ControlsPart } from './controls-part';
import { edits, emptyDraft, samples, varies } from './draft';
import type { Change, Draft } from './draft';
import { MaskField } from './mask-field';
import { ModelPart, ResourcesPart } from './models-part';
import { PictureField } from '../../ui/picture-field/picture-field';
import { linkIn } from '../../ui/picture-field/pictures';
import { Presets } from './presets';
import { PromptPart } from './prompt-part';
import { SeedPart } from './seed-part';
import { SizePart } from './size-part';
import { SubmitPart } from './submit-part';
import { TemplatePart } from './template-part';
import { WorkflowPart } from './workflow-part';
import styles from './panel.module.css';

function Connected({ options, possible }: { options?: GenerationOptions; possible?: boolean }) {
  const queries = useQueryClient();
  const administrator = useViewer()?.user?.role === 'administrator';
  const idle = options?.workflows.length === 0;
  // Backends of a fresh server are asked what they can do when something is asked of them.
  useEffect(() => {
    if (idle && possible)
      void queries.invalidateQueries({ queryKey: generationOptionsQuery().queryKey.slice(0, 2) });
  }, [idle, possible, queries]);
  if (!options || (idle ? possible !== false : !options.onlySketches)) return null;
  return (
    <Notice
      title={
        options.onlySketches ? t('No AI model is connected') : t('No backend is accepting work')
      }
    >
      {options.onlySketches
        ? t('Pictures come from Sketch, the built-in procedural painter. It is not AI.')
        : t('Your requests wait until one does.')}{' '}
      {administrator ? (
        <ButtonLink
          to="/administration/{-$part}"
          params={{ part: 'backends' }}
          search={{}}
          size="small"
        >
          {t('Add a backend')}
        </ButtonLink>
      ) : (
        t('An administrator of this server can add a backend.')
      )}
    </Notice>
  );
}

function Source({ state: { draft, change, fault } }: { state: PanelState }) {
  if (!edits(draft.workflow)) return null;
  return (
    <>
      <PictureField
        label={t('Starting picture')}
        value={draft.image}
        error={fault('/image')}
        onChange={(image) =>
          change({ image, mask: draft.mask?.image === image ? draft.mask : undefined })
        }
      />
      {draft.workflow === 'inpaint' && draft.image !== undefined && (
        <MaskField image={draft.image} />
      )}
    </>
  );
}

/** Everything that the workflow uses, what is asked of everybody first. */
function Parts({ state }: { state: PanelState }) {
  const { draft, change } = state;
  const paints = samples(draft.workflow);
  return (
    <>
      <WorkflowPart />
      <Source state={state} />
      {draft.workflow === 'template' && <TemplatePart />}
      {paints && <PromptPart />}
      {(paints || draft.workflow === 'upscale') && <ModelPart />}
      {paints && <ResourcesPart />}
      <SizePart />
      <DenoisePart />
      {varies(draft.workflow) && <SeedPart />}
      {draft.remixOf !== undefined && (
        <p className={styles.remix}>
          <Icon name="remix" size={16} />
          {t('A remix of image {id}', { id: String(draft.remixOf) })}
          <Button
            size="small"
            variant="ghost"
            icon="cross"
            aria-label={t('Not a remix')}
            onClick={() => change({ remixOf: undefined })}
          />
        </p>
      )}
      <AdvancedPart />
      {paints && <ControlsPart />}
    </>
  );
}

interface PanelProps extends Coming {
  draft: Draft;
  change: Change;
  onMade: (made: Generation) => void;
  /** It stands beside a page, which has its own use for files. */
  beside?: boolean;
}

/** Asks for pictures. What it holds survives leaving the page. */
export function Panel({ draft, change, onMade, beside, ...coming }: PanelProps) {
  const form = useRef<HTMLFormElement>(null);
  const [presets, showPresets] = useState(false);
  const version = samples(draft.workflow) ? draft.model?.version : undefined;
  const options = useQuery({ ...generationOptionsQuery({ version }), retry: false }).data;
  const plain = useQuery(generationOptionsQuery()).data;
  const arriving = useArriving(draft, change, coming);
  const asking = useAsking(draft, made);

  function made(generation: Generation) {
    const { request } = generation;
    // The seed that it got is there to be kept, should the picture please.
    if (varies(draft.workflow) && !draft.keepSeed) change({ seed: String(request.seed ?? '') });
    onMade(generation);
  }

  useFilesAnywhere(([file]) => {
    if (document.querySelector('dialog[open]')) return;
    if (file?.type.startsWith('image/')) void arriving.file(file);
    else say(t('Only pictures can carry a recipe.'), { bad: true });
  }, beside ? form : undefined);

  function submit() {
    asking.submit();
    // What is wrong comes into sight; what is wrong only by the answer, once that is there.
    requestAnimationFrame(() =>
      form.current?.querySelector('[aria-invalid=true], [role=alert]')?.scrollIntoView?.({
        block: 'center',
      }),
    );
  }

  const state: PanelState = {
    draft,
    change,
    options: options ?? plain,
    understood: asking.estimate?.request,
    fault: asking.fault,
  };

  function clear() {
    change(() => emptyDraft);
    say(t('Panel cleared'), {
      action: { label: t('Undo'), run: () => change(() => draft) },
    });
  }

  return (
    <PanelContext value={state}>
      <form
        ref={form}
        className={styles.panel}
        aria-label={t('What to make')}
        noValidate
        // Enter in a field asks for nothing: that costs something.
        onSubmit={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
          if ((event.target as HTMLElement).closest('dialog')) return;
          event.preventDefault();
          submit();
        }}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes('text/uri-list')) event.preventDefault();
        }}
        onDrop={(event) => {
          const image = linkIn(event.dataTransfer);
          if (!image || event.dataTransfer.files.length) return;
          event.preventDefault();
          arriving.remix(image);
        }}
      >
        <div className={styles.notes}>
          <div className={styles.top}>
            <Button size="small" icon="bookmark" onClick={() => showPresets(true)}>
              {t('Presets')}
            </Button>
            <Button size="small" variant="ghost" onClick={clear}>
              {t('Start over')}
            </Button>
          </div>
          <Connected options={state.options} possible={asking.estimate?.possible} />
          <ArrivalNote arriving={arriving} />
        </div>
        <Parts state={state} />
        <p className={styles.quiet}>
          {t('Drop or paste a picture here to load its recipe.')}
        </p>
        <SubmitPart asking={{ ...asking, submit }} />
      </form>
      {presets && <Presets draft={draft} change={change} onClose={() => showPresets(false)} />}
    </PanelContext>
  );
}
