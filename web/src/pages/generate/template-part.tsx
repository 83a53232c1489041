import { useQuery } from '@tanstack/react-query';
import { largeDigits } from '../../api/exact-json';
import { templateQuery } from '../../api/generation';
import type { PictureChoice, TemplateParameter } from '../../api/generation';
import { t } from '../../text/words';
import { Check, SelectField, TextArea, TextField } from '../../ui/field';
import { Failure } from '../../ui/state';
import { usePanel } from './context';
import { PictureField } from './picture-field';
import styles from './panel.module.css';

interface ParameterProps {
  parameter: TemplateParameter;
  /** What it is when nothing is given. */
  usual: string;
  value: unknown;
  error?: string;
  onChange: (value: unknown) => void;
}

/** What stands in the graph at a JSON Pointer (RFC 6901). */
function valueAt(graph: unknown, pointer: string | undefined): unknown {
  return pointer
    ?.split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((on, part) => (on as Record<string, unknown> | undefined)?.[part], graph);
}

const text = (value: unknown) =>
  value === undefined || value === null ? '' : (largeDigits(value) ?? String(value));

function range({ min, max }: TemplateParameter): string | undefined {
  if (min !== undefined && max !== undefined) return t('{min} to {max}', { min, max });
  if (min !== undefined) return t('{min} or more', { min });
  return max === undefined ? undefined : t('{max} or less', { max });
}

function pictureHint({ type, fallback }: TemplateParameter, usual: string): string | undefined {
  if (fallback) return t('Without one: {value}', { value: usual });
  return type === 'mask' ? t('White is edited, black is kept.') : undefined;
}

/** One parameter by its type; left empty it is what the template says. */
function Parameter({ parameter, usual, value, error, onChange }: ParameterProps) {
  const label = parameter.title || parameter.name;
  const common = { label, error, placeholder: usual };
  const onText = (given: string) => onChange(given === '' ? undefined : given);
  switch (parameter.type) {
    case 'whole':
    case 'real':
      return (
        <TextField
          {...common}
          type="number"
          step={parameter.type === 'whole' ? 1 : 'any'}
          min={parameter.min}
          max={parameter.max}
          hint={range(parameter)}
          value={text(value)}
          onChange={(event) =>
            onChange(event.target.value === '' ? undefined : event.target.valueAsNumber)
          }
        />
      );
    case 'flag':
      return (
        <Check
          label={label}
          hint={error}
          checked={value === undefined ? usual === 'true' : Boolean(value)}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case 'choice':
      return (
        <SelectField
          label={label}
          error={error}
          value={text(value)}
          onChange={(event) => onText(event.target.value)}
          options={[
            {
              value: '',
              label: usual ? t('As the template: {value}', { value: usual }) : t('Choose'),
            },
            ...(parameter.choices ?? []).map((one) => ({ value: one, label: one || t('(empty)') })),
          ]}
        />
      );
    case 'picture':
    case 'mask':
      return (
        <PictureField
          label={label}
          hint={pictureHint(parameter, usual)}
          error={error}
          value={(value as PictureChoice | undefined)?.image}
          onChange={(image) => onChange(image && { image })}
        />
      );
    case 'seed':
      return (
        <TextField
          {...common}
          inputMode="numeric"
          hint={t('Empty: by chance.')}
          value={text(value)}
          onChange={(event) => onText(event.target.value.replace(/\D/g, ''))}
        />
      );
    default:
      return (
        <TextArea
          {...common}
          rows={2}
          className={styles.prompt}
          value={text(value)}
          onChange={(event) => onText(event.target.value)}
        />
      );
  }
}

/** The named parameters of the chosen template. */
export function TemplatePart() {
  const { draft, change, fault } = usePanel();
  const id = draft.template;
  const found = useQuery({ ...templateQuery(id ?? 0), enabled: id !== undefined });
  const chosen = id === undefined ? undefined : found.data;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!chosen) return null;
  return (
    <section className={styles.part} aria-label={chosen.name}>
      {chosen.detail && <p className={styles.quiet}>{chosen.detail}</p>}
      {chosen.parameters.map((parameter) => (
        <Parameter
          key={parameter.name}
          parameter={parameter}
          usual={text(parameter.fallback ?? valueAt(chosen.graph, parameter.pointers[0]))}
          value={draft.parameters[parameter.name]}
          error={fault(`/parameters/${parameter.name}`)}
          onChange={(value) => {
            const { [parameter.name]: _, ...others } = draft.parameters;
            change({
              parameters: value === undefined ? others : { ...others, [parameter.name]: value },
            });
          }}
        />
      ))}
      {chosen.parameters.length === 0 && (
        <p className={styles.quiet}>{t('This template has no parameters.')}</p>
      )}
    </section>
  );
}
