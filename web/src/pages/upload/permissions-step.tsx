import type { CommercialUse, Licence } from '../../api/shapes';
import { t } from '../../text/words';
import { Check } from '../../ui/field';
import styles from './upload.module.css';

export interface Permissions extends Licence {
  nsfwLevel: number;
}

const uses = (): { value: CommercialUse; label: string }[] => [
  { value: 'Image', label: t('Sell images they make with it') },
  { value: 'RentCivit', label: t('Run it on the paid generation service of Civitai') },
  { value: 'Rent', label: t('Run it on any paid generation service') },
  { value: 'Sell', label: t('Sell this model or merges of it') },
];

const levels = () => [
  { value: 1, label: t('PG'), hint: t('Safe for everybody') },
  { value: 2, label: t('PG-13'), hint: t('Revealing clothes, light violence') },
  { value: 4, label: t('R'), hint: t('Partial nudity, violence') },
  { value: 8, label: t('X'), hint: t('Nudity') },
  { value: 16, label: t('XXX'), hint: t('Explicit') },
];

interface PermissionsStepProps {
  value: Permissions;
  onChange: (change: Partial<Permissions>) => void;
}

export function PermissionsStep({ value, onChange }: PermissionsStepProps) {
  const { allowCommercialUse: chosen } = value;
  return (
    <div className={styles.form}>
      <fieldset className={styles.group}>
        <legend>{t('People may')}</legend>
        <Check
          checked={value.allowNoCredit}
          onChange={(event) => onChange({ allowNoCredit: event.target.checked })}
          label={t('Use it without naming you')}
        />
        <Check
          checked={value.allowDerivatives}
          onChange={(event) => onChange({ allowDerivatives: event.target.checked })}
          label={t('Share merges and changed versions')}
        />
        <Check
          checked={value.allowDifferentLicense}
          onChange={(event) => onChange({ allowDifferentLicense: event.target.checked })}
          label={t('Give merges other permissions than these')}
        />
        {uses().map((use) => (
          <Check
            key={use.value}
            checked={chosen.includes(use.value)}
            onChange={(event) =>
              onChange({
                allowCommercialUse: event.target.checked
                  ? [...chosen, use.value]
                  : chosen.filter((one) => one !== use.value),
              })
            }
            label={use.label}
          />
        ))}
      </fieldset>
      <fieldset className={styles.group}>
        <legend>{t('What it is made to show')}</legend>
        {levels().map((level) => (
          <Check
            key={level.value}
            type="radio"
            name="level"
            checked={value.nsfwLevel === level.value}
            onChange={() => onChange({ nsfwLevel: level.value })}
            label={level.label}
            hint={level.hint}
          />
        ))}
      </fieldset>
    </div>
  );
}
