import { t } from '../../text/words';
import { Check, FieldError, TextField } from '../../ui/field';
import { Slider } from '../../ui/slider';
import { usePanel } from './context';
import { grows, shaped } from './draft';
import styles from './panel.module.css';

const shapes = ['1:1', '4:5', '3:4', '2:3', '9:16', '5:4', '4:3', '3:2', '16:9'];

/** A shape as a small outline of it. */
function Outline({ shape }: { shape: string }) {
  const [wide = 1, high = 1] = shape.split(':').map(Number);
  const scale = 18 / Math.max(wide, high);
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <rect
        x={10 - (wide * scale) / 2}
        y={10 - (high * scale) / 2}
        width={wide * scale}
        height={high * scale}
        rx="2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}

const whole = (text: string) => (text === '' ? undefined : Math.round(Number(text)) || undefined);

interface ExactProps {
  width?: number;
  height?: number;
  onChange: (size: { width?: number; height?: number }) => void;
  step?: number;
}

function Exact({ width, height, onChange, step = 8 }: ExactProps) {
  const { understood, fault } = usePanel();
  return (
    <div className={styles.pair}>
      <TextField
        label={t('Width')}
        type="number"
        step={step}
        min={16}
        placeholder={understood?.width ? String(understood.width) : undefined}
        error={fault('/width')}
        value={width ?? ''}
        onChange={(event) => onChange({ width: whole(event.target.value), height })}
      />
      <TextField
        label={t('Height')}
        type="number"
        step={step}
        min={16}
        placeholder={understood?.height ? String(understood.height) : undefined}
        error={fault('/height')}
        value={height ?? ''}
        onChange={(event) => onChange({ width, height: whole(event.target.value) })}
      />
    </div>
  );
}

function Shapes() {
  const { draft, change, understood, fault } = usePanel();
  const exact = draft.shape === 'exact';
  // Going over to exact numbers begins with those that the shape stood for.
  const turn = (shape: string) =>
    change(
      shape === 'exact'
        ? { shape, width: understood?.width, height: understood?.height }
        : { shape },
    );
  const known = exact || shapes.includes(draft.shape) ? shapes : [...shapes, draft.shape];
  const error = exact ? undefined : (fault('/aspect') ?? fault('/width') ?? fault('/height'));
  return (
    <>
      <div className={styles.shapes} role="group" aria-label={t('Aspect')}>
        {known.map((shape) => (
          <button
            key={shape}
            type="button"
            aria-pressed={draft.shape === shape}
            onClick={() => turn(shape)}
          >
            <Outline shape={shape} />
            {shape}
          </button>
        ))}
        <button type="button" aria-pressed={exact} onClick={() => turn('exact')}>
          {t('Exact')}
        </button>
      </div>
      {exact ? (
        <Exact
          width={draft.width}
          height={draft.height}
          onChange={(size) => change({ width: undefined, height: undefined, ...size })}
        />
      ) : error ? (
        <FieldError>{error}</FieldError>
      ) : (
        understood?.width !== undefined && (
          <p className={styles.quiet}>
            {t('{width} × {height} pixels', { width: understood.width, height: understood.height })}
          </p>
        )
      )}
    </>
  );
}

function Factor() {
  const { draft, change, fault } = usePanel();
  return (
    <Slider
      label={draft.workflow === 'hires' ? t('Enlarge by, in the second pass') : t('Enlarge by')}
      error={fault('/factor') ?? (draft.workflow === 'upscale' ? fault('/width') : undefined)}
      value={draft.factor}
      usual={draft.workflow === 'hires' ? 1.5 : 2}
      min={1}
      max={4}
      step={0.25}
      most={8}
      onChange={(factor) => change({ factor })}
    />
  );
}

/** How large it becomes, as far as the workflow leaves a choice. */
export function SizePart() {
  const { draft, change } = usePanel();
  const { workflow } = draft;
  if (!shaped(workflow) && !grows(workflow) && workflow !== 'img2img') return null;
  return (
    <section className={styles.part} aria-label={t('Size')}>
      <h2>{t('Size')}</h2>
      {shaped(workflow) && <Shapes />}
      {workflow === 'img2img' && (
        <>
          <Check
            checked={draft.shape !== 'exact'}
            onChange={(event) =>
              change(
                event.target.checked
                  ? { shape: '1:1', width: undefined, height: undefined }
                  : { shape: 'exact' },
              )
            }
            label={t('As large as the picture it starts from')}
          />
          {draft.shape === 'exact' && (
            <Exact width={draft.width} height={draft.height} onChange={(size) => change(size)} />
          )}
        </>
      )}
      {workflow === 'upscale' && (
        <Check
          checked={draft.target !== undefined}
          onChange={(event) => change({ target: event.target.checked ? {} : undefined })}
          label={t('To an exact size')}
          hint={t('One side is enough.')}
        />
      )}
      {workflow === 'upscale' && draft.target ? (
        <Exact {...draft.target} step={1} onChange={(target) => change({ target })} />
      ) : (
        grows(workflow) && <Factor />
      )}
    </section>
  );
}
