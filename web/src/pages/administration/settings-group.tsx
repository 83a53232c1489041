import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, settingsQuery } from '../../api/administration';
import type { SettingsGroup, SettingValue } from '../../api/administration';
import { viewerQuery } from '../../api/session';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Check, SelectField, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Rest } from '../../ui/form-parts';
import { say } from '../../ui/toast';
import { groupWords, settingWords } from './setting-words';
import styles from './administration.module.css';

const gigabyte = 1_000_000_000;

interface SettingFieldProps {
  group: string;
  name: string;
  value: SettingValue;
  onChange: (value: SettingValue) => void;
  error?: string;
}

function SettingField({ group, name, value, onChange, error }: SettingFieldProps) {
  const { label, hint, gigabytes, options } = settingWords(group, name);
  const scale = gigabytes ? gigabyte : 1;
  const [text, setText] = useState(
    typeof value === 'number' ? String(Math.round((value / scale) * 1000) / 1000) : String(value),
  );
  if (typeof value === 'boolean') {
    return (
      <Check
        label={label}
        hint={hint}
        checked={value}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  if (options) {
    return (
      <SelectField
        label={label}
        hint={hint}
        error={error}
        value={String(value)}
        onChange={(event) => onChange(event.target.value)}
        options={options}
      />
    );
  }
  const numeric = typeof value === 'number';
  return (
    <TextField
      label={label}
      hint={hint}
      error={error}
      inputMode={numeric ? 'decimal' : undefined}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const number = Number(event.target.value);
        if (!numeric) onChange(event.target.value);
        else if (Number.isFinite(number)) onChange(Math.round(number * scale));
      }}
    />
  );
}

/** One group of settings; only what was changed is sent. */
export function SettingsGroupForm({ group }: { group: SettingsGroup }) {
  const queries = useQueryClient();
  const [values, setValues] = useState(group.values);
  const names = Object.keys(group.values);
  const changed = names.filter((name) => values[name] !== group.values[name]);
  const form = useForm(
    names,
    () =>
      administration.change(
        group.name,
        Object.fromEntries(changed.map((name) => [name, values[name]!])),
      ),
    async () => {
      await queries.invalidateQueries({ queryKey: settingsQuery.queryKey });
      await queries.invalidateQueries({ queryKey: viewerQuery.queryKey });
      say(t('Saved'));
    },
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <h2>{groupWords(group.name, group.title)}</h2>
      <Rest form={form} />
      {names.map((name) => (
        <SettingField
          key={name}
          group={group.name}
          name={name}
          value={values[name]!}
          onChange={(value) => setValues({ ...values, [name]: value })}
          error={form.error(name)}
        />
      ))}
      <div>
        <Button
          type="submit"
          variant="solid"
          busy={form.busy}
          disabled={changed.length === 0 && !form.busy}
        >
          {t('Save')}
        </Button>
      </div>
    </form>
  );
}
