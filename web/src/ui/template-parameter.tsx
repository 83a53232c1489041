import { exactWhole, largeDigits } from '../api/exact-json';
import type { PictureChoice, TemplateParameter } from '../api/generation';
import { t } from '../text/words';
import { SelectField, TextArea, TextField } from './field';
import { PictureField } from './picture-field/picture-field';

const text = (value: unknown) =>
  value === undefined || value === null ? '' : (largeDigits(value) ?? String(value));

function range({ min, max }: TemplateParameter): string | undefined {
  if (min !== undefined && max !== undefined) return t('{min} to {max}', { min, max });
  if (min !== undefined) return t('{min} or more', { min });
  return max === undefined ? undefined : t('{max} or less', { max });
}

function pictureHint({ type, fallback }: TemplateParameter): string | undefined {
  if (fallback) return t('Without one: {value}', { value: text(fallback) });
  return type === 'mask' ? t('White is edited, black is kept.') : undefined;
}

interface TemplateParameterFieldProps {
  parameter: TemplateParameter;
  /** As a request takes it; undefined: as the template says. */
  value: unknown;
  error?: string;
  onChange: (value: unknown) => void;
}

/** A field for one parameter of a workflow template, by its type. */
export function TemplateParameterField(props: TemplateParameterFieldProps) {
  const { parameter, value, error, onChange } = props;
  const { type, fallback, choices } = parameter;
  const label = parameter.title || parameter.name;
  const usual = text(fallback);
  const common = { label, error, value: text(value) };
  const asTemplate = {
    value: '',
    label: usual ? t('As the template: {value}', { value: usual }) : t('As the template'),
  };
  switch (type) {
    case 'whole':
    case 'real':
      return (
        <TextField
          {...common}
          type="number"
          step={type === 'whole' ? 1 : 'any'}
          min={parameter.min}
          max={parameter.max}
          placeholder={usual}
          hint={range(parameter)}
          onChange={(event) =>
            onChange(event.target.value === '' ? undefined : event.target.valueAsNumber)
          }
        />
      );
    case 'flag':
      return (
        <SelectField
          {...common}
          onChange={(event) =>
            onChange(event.target.value === '' ? undefined : event.target.value === 'true')
          }
          options={[
            fallback === undefined
              ? asTemplate
              : {
                  value: '',
                  label: t('As the template: {value}', { value: fallback ? t('Yes') : t('No') }),
                },
            { value: 'true', label: t('Yes') },
            { value: 'false', label: t('No') },
          ]}
        />
      );
    case 'choice':
      return (
        <SelectField
          {...common}
          onChange={(event) => onChange(event.target.value || undefined)}
          options={[
            asTemplate,
            ...(choices ?? []).filter(Boolean).map((one) => ({ value: one, label: one })),
          ]}
        />
      );
    case 'seed':
      return (
        <TextField
          {...common}
          inputMode="numeric"
          maxLength={20}
          hint={t('Empty: random')}
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, '');
            onChange(digits === '' ? undefined : exactWhole(digits));
          }}
        />
      );
    case 'picture':
    case 'mask':
      return (
        <PictureField
          label={label}
          hint={pictureHint(parameter)}
          error={error}
          value={(value as PictureChoice | undefined)?.image}
          onChange={(image) => onChange(image && { image })}
        />
      );
    default:
      return (
        <TextArea
          {...common}
          rows={2}
          placeholder={usual}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      );
  }
}
