import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fileQuery } from '../../api/files';
import { primaryFile, tagsQuery, vocabularyQuery } from '../../api/models';
import type { CheckpointType, ModelCard, ModelType, VersionCard } from '../../api/shapes';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { Notice } from '../../ui/state';
import { TagsField } from '../../ui/tags';
import styles from './upload.module.css';

export interface Details {
  name: string;
  type: ModelType;
  checkpointType: CheckpointType;
  description: string;
  tags: string[];
  versionName: string;
  baseModel: string;
  trainedWords: string[];
  versionDescription: string;
  steps: string;
  epochs: string;
  clipSkip: string;
}

export function detailsOf(model: ModelCard, version: VersionCard): Details {
  const text = (value: number | undefined) => (value ? String(value) : '');
  return {
    name: model.name,
    type: model.type,
    checkpointType: model.checkpointType ?? 'Trained',
    description: model.description,
    tags: model.tags,
    versionName: version.name,
    baseModel: version.baseModel,
    trainedWords: version.trainedWords,
    versionDescription: version.description,
    steps: text(version.steps),
    epochs: text(version.epochs),
    clipSkip: text(version.clipSkip),
  };
}

interface DetailsStepProps {
  value: Details;
  onChange: (change: Partial<Details>) => void;
  version: VersionCard;
  error: (name: string) => string | undefined;
}

/** What the file says about itself, when that is not what the form says. */
function Detected({ value, onChange, version }: Omit<DetailsStepProps, 'error'>) {
  const main = primaryFile(version);
  const facts = useQuery({ ...fileQuery(main?.id ?? 0), enabled: main !== undefined }).data
    ?.inspection;
  if (!facts) return null;
  const { modelType, baseModel: base } = facts;
  const type = modelType.value && modelType.value !== value.type ? modelType.value : null;
  const baseModel = base.value && base.value !== value.baseModel ? base.value : null;
  if (!type && !baseModel) return null;
  const what = [type && typeWords(type), baseModel].filter(Boolean).join(' · ');
  return (
    <Notice tone="warning" title={t('The file looks like: {what}', { what })}>
      <div className={styles.suggestion}>
        <span>
          {t('{percent} % sure. {evidence}', {
            percent: Math.round((type ? modelType : base).confidence * 100),
            evidence: (type ? modelType : base).evidence[0] ?? '',
          })}
        </span>
        <Button
          size="small"
          onClick={() =>
            onChange({ ...(type && { type: type as ModelType }), ...(baseModel && { baseModel }) })
          }
        >
          {t('Use this')}
        </Button>
      </div>
    </Notice>
  );
}

export function DetailsStep({ value, onChange, version, error }: DetailsStepProps) {
  const words = useQuery(vocabularyQuery).data;
  const [tagText, setTagText] = useState('');
  const tags = useQuery(tagsQuery(tagText)).data?.items ?? [];
  const types = words?.modelTypes ?? [value.type];
  const bases = words?.activeBaseModels ?? [];
  const field = (name: keyof Details, form = name as string) => ({
    name,
    value: value[name] as string,
    error: error(form),
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <div className={styles.form}>
      <Detected value={value} onChange={onChange} version={version} />
      <TextField label={t('Name')} required maxLength={100} {...field('name')} />
      <div className={styles.pair}>
        <SelectField
          label={t('Type')}
          {...field('type')}
          options={types.map((one) => ({ value: one, label: typeWords(one) }))}
        />
        <SelectField
          label={t('Base model')}
          {...field('baseModel')}
          options={[...new Set([...bases, value.baseModel])].map((one) => ({
            value: one,
            label: one,
          }))}
        />
        {value.type === 'Checkpoint' && (
          <SelectField
            label={t('Made by')}
            {...field('checkpointType')}
            options={[
              { value: 'Trained', label: t('Training') },
              { value: 'Merge', label: t('Merging') },
            ]}
          />
        )}
        <TextField label={t('Version')} required {...field('versionName')} />
      </div>
      <TextArea
        label={t('Description')}
        optional
        hint={t('Markdown. Say what it is for, how it was made and which settings work.')}
        {...field('description')}
      />
      <TagsField
        label={t('Tags')}
        optional
        hint={t('Enter or a comma adds one.')}
        value={value.tags}
        error={error('tags')}
        onChange={(next) => onChange({ tags: next.map((tag) => tag.toLowerCase()) })}
        onQuery={setTagText}
        suggestions={tags.map((tag) => ({ value: tag.name, aside: String(tag.models) }))}
      />
      <TagsField
        label={t('Trigger words')}
        optional
        hint={t('Words a prompt needs for this model to act.')}
        value={value.trainedWords}
        error={error('trainedWords')}
        onChange={(trainedWords) => onChange({ trainedWords })}
      />
      <TextArea label={t('About this version')} optional {...field('versionDescription')} />
      <div className={styles.pair}>
        <TextField label={t('Training steps')} optional inputMode="numeric" {...field('steps')} />
        <TextField label={t('Epochs')} optional inputMode="numeric" {...field('epochs')} />
        <TextField label={t('Clip skip')} optional inputMode="numeric" {...field('clipSkip')} />
      </div>
    </div>
  );
}
