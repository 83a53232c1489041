import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { TextField } from '../../ui/field';
import { Slider } from '../../ui/slider';
import { usePanel } from './context';
import type { Control } from './draft';
import { More } from './more';
import { PictureField } from '../../ui/picture-field/picture-field';
import styles from './panel.module.css';

const kinds = [
  'canny',
  'depth',
  'pose',
  'lineart',
  'scribble',
  'softedge',
  'tile',
  'normal',
  'segmentation',
  'qr',
];
const unitsMax = 8;

function Unit({ control, place }: { control: Control; place: number }) {
  const { draft, change, options, fault } = usePanel();
  const put = (part: Partial<Control>) =>
    change({
      controls: draft.controls.map((one, at) => (at === place ? { ...one, ...part } : one)),
    });
  const at = (name: string) => fault(`/controls/${place}/${name}`);
  const models = (options?.models ?? []).filter((one) => one.kind === 'controlnet');
  const label = t('Unit {place}', { place: place + 1 });
  return (
    <section className={styles.inset} aria-label={label}>
      <div className={styles.head}>
        <h2>{label}</h2>
        <Button
          size="small"
          variant="ghost"
          icon="cross"
          aria-label={t('Remove unit {place}', { place: place + 1 })}
          onClick={() => change({ controls: draft.controls.filter((_, one) => one !== place) })}
        />
      </div>
      <PictureField
        label={t('Picture')}
        hint={t('Already processed: the edges, depth map or pose itself.')}
        value={control.image}
        error={at('picture')}
        onChange={(image) => put({ image })}
      />
      <div className={styles.pair}>
        <TextField
          label={t('Kind')}
          list={`control-kinds-${place}`}
          error={at('kind')}
          value={control.kind}
          onChange={(event) => put({ kind: event.target.value })}
        />
        <TextField
          label={t('Control model')}
          optional
          list={`control-models-${place}`}
          error={at('model')}
          value={control.model}
          onChange={(event) => put({ model: event.target.value })}
        />
      </div>
      <datalist id={`control-kinds-${place}`}>
        {kinds.map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
      <datalist id={`control-models-${place}`}>
        {models.map((one) => (
          <option key={one.name} value={one.name} />
        ))}
      </datalist>
      <Slider
        label={t('Weight')}
        error={at('weight')}
        value={control.weight}
        min={0}
        max={2}
        step={0.05}
        onChange={(weight) => put({ weight: weight ?? 1 })}
      />
      <div className={styles.pair}>
        <Slider
          label={t('From')}
          hint={t('Fraction of the steps, 0 to 1.')}
          error={at('start')}
          value={control.start}
          min={0}
          max={1}
          step={0.05}
          onChange={(start) => put({ start: start ?? 0 })}
        />
        <Slider
          label={t('Until')}
          error={at('end')}
          value={control.end}
          min={0}
          max={1}
          step={0.05}
          onChange={(end) => put({ end: end ?? 1 })}
        />
      </div>
    </section>
  );
}

/** ControlNet units: pictures that hold the composition. */
export function ControlsPart() {
  const { draft, change, fault } = usePanel();
  const all = draft.controls;
  return (
    <More
      title={all.length ? `${t('ControlNet')} (${all.length})` : t('ControlNet')}
      used={all.length > 0}
      wrong={fault('/controls') !== undefined}
    >
      {all.length === 0 && (
        <p className={styles.quiet}>
          {t('Edges, a depth map or a pose that fixes the composition.')}
        </p>
      )}
      {all.map((control, place) => (
        <Unit key={place} control={control} place={place} />
      ))}
      {all.length < unitsMax && (
        <div>
          <Button
            size="small"
            icon="plus"
            onClick={() =>
              change({
                controls: [...all, { kind: 'canny', model: '', weight: 1, start: 0, end: 1 }],
              })
            }
          >
            {t('Add a unit')}
          </Button>
        </div>
      )}
    </More>
  );
}
