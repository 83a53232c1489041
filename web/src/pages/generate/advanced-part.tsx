import { t } from '../../text/words';
import { SelectField } from '../../ui/field';
import { Slider } from '../../ui/slider';
import { TagsField } from '../../ui/tags';
import { usePanel } from './context';
import { denoises, samples } from './draft';
import type { OutputFormat, Priority } from './draft';
import { More } from './more';
import styles from './panel.module.css';

interface Named {
  key: string;
  name: string;
}

const offered = (all: Named[] | undefined, usual: string | undefined) => [
  {
    value: '',
    label: usual
      ? t('Fitting: {name}', { name: all?.find((one) => one.key === usual)?.name ?? usual })
      : t('What fits the model'),
  },
  ...(all ?? []).map((one) => ({ value: one.key, label: one.name })),
];

/** How far from the source it may go. */
export function DenoisePart() {
  const { draft, change, understood, fault } = usePanel();
  if (!denoises(draft.workflow)) return null;
  return (
    <Slider
      label={t('Denoise')}
      hint={
        draft.workflow === 'hires'
          ? t('How much the second pass may change.')
          : t('0 keeps the picture, 1 keeps nothing of it.')
      }
      error={fault('/denoise')}
      value={draft.denoise}
      usual={draft.denoise === undefined ? understood?.denoise : undefined}
      min={0}
      max={1}
      step={0.05}
      onChange={(denoise) => change({ denoise })}
    />
  );
}

function Sampling() {
  const { draft, change, options, fault } = usePanel();
  return (
    <>
      <div className={styles.pair}>
        <SelectField
          label={t('Sampler')}
          error={fault('/sampler')}
          value={draft.sampler}
          onChange={(event) => change({ sampler: event.target.value })}
          options={offered(options?.samplers, options?.sampler)}
        />
        <SelectField
          label={t('Scheduler')}
          error={fault('/scheduler')}
          value={draft.scheduler}
          onChange={(event) => change({ scheduler: event.target.value })}
          options={offered(options?.schedulers, draft.sampler ? undefined : options?.scheduler)}
        />
      </div>
      <Slider
        label={t('Steps')}
        error={fault('/steps')}
        value={draft.steps}
        usual={options?.steps}
        min={1}
        max={Math.min(60, options?.stepsMax ?? 60)}
        most={options?.stepsMax}
        step={1}
        onChange={(steps) => change({ steps })}
      />
      <Slider
        label={t('Guidance')}
        hint={t('How closely it follows the prompt.')}
        error={fault('/guidance')}
        value={draft.guidance}
        usual={options?.guidance}
        min={0}
        max={15}
        most={50}
        step={0.5}
        onChange={(guidance) => change({ guidance })}
      />
      <Slider
        label={t('Clip skip')}
        error={fault('/clipSkip')}
        value={draft.clipSkip}
        usual={options?.clipSkip}
        min={1}
        max={12}
        step={1}
        onChange={(clipSkip) => change({ clipSkip })}
      />
    </>
  );
}

const fields = [
  '/sampler',
  '/scheduler',
  '/steps',
  '/guidance',
  '/clipSkip',
  '/outputFormat',
  '/priority',
  '/tags',
];

/** What most people leave as it is. */
export function AdvancedPart() {
  const { draft, change, fault } = usePanel();
  return (
    <More title={t('Advanced')} wrong={fields.some((field) => fault(field) !== undefined)}>
      {samples(draft.workflow) && <Sampling />}
      <div className={styles.pair}>
        <SelectField
          label={t('Format')}
          error={fault('/outputFormat')}
          value={draft.outputFormat}
          onChange={(event) => change({ outputFormat: event.target.value as OutputFormat })}
          options={[
            { value: 'png', label: 'PNG' },
            { value: 'jpeg', label: 'JPEG' },
            { value: 'webp', label: 'WebP' },
          ]}
        />
        <SelectField
          label={t('Priority')}
          error={fault('/priority')}
          value={draft.priority}
          onChange={(event) => change({ priority: event.target.value as Priority })}
          options={[
            { value: 'low', label: t('Low') },
            { value: 'normal', label: t('Normal') },
            { value: 'high', label: t('High, for a higher price') },
          ]}
        />
      </div>
      <TagsField
        label={t('Tags')}
        optional
        limit={20}
        hint={t('To find it again in your history.')}
        error={fault('/tags')}
        value={draft.tags}
        onChange={(tags) => change({ tags })}
      />
    </More>
  );
}
