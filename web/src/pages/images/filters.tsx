import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tagsQuery, vocabularyQuery } from '../../api/models';
import { useViewer } from '../../api/session';
import { t } from '../../text/words';
import { FilterChips } from '../../ui/chips';
import type { Chip } from '../../ui/chips';
import { Combobox } from '../../ui/combobox';
import { Facet } from '../../ui/facets';
import { Field } from '../../ui/field';
import { toolWords } from '../../ui/recipe/words';
import type { Recipe } from '../../api/images';
import { periods } from '../models/words';
import { fromStart, unfiltered } from './search';
import type { ImageSearch } from './search';
import styles from './images.module.css';

interface FiltersProps {
  search: ImageSearch;
  onChange: (change: ImageSearch) => void;
}

const tools: Recipe['tool'][] = [
  'comfyui',
  'automatic1111',
  'forge',
  'swarmui',
  'fooocus',
  'novelai',
  'invokeai',
];

const toolOptions = () => tools.map((value) => ({ value, label: toolWords(value) ?? value }));
const types = () => [
  { value: 'image', label: t('Images') },
  { value: 'video', label: t('Videos') },
];
const recipes = () => [{ value: 'yes', label: t('Says how it was made') }];

/** Every filter of a list of images; what is chosen lives in the address. */
export function ImageFilters({ search, onChange }: FiltersProps) {
  const words = useQuery(vocabularyQuery).data;
  const viewer = useViewer();
  const [text, setText] = useState('');
  const tags = useQuery(tagsQuery(text)).data?.items ?? [];
  const change = (part: ImageSearch) => onChange({ ...part, ...fromStart });
  return (
    <div>
      <Facet
        title={t('Kind')}
        options={types()}
        chosen={search.type ? [search.type] : []}
        onChange={([type]) => change({ type })}
        single
      />
      <Facet
        title={t('Recipe')}
        options={recipes()}
        chosen={search.recipe ? ['yes'] : []}
        onChange={([recipe]) => change({ recipe: recipe ? 'yes' : undefined })}
        single
      />
      <Facet
        title={t('Made with')}
        options={toolOptions()}
        chosen={search.tool ? [search.tool] : []}
        onChange={([tool]) => change({ tool })}
        single
      />
      <Facet
        title={t('Base model')}
        options={(words?.activeBaseModels ?? []).map((value) => ({ value, label: value }))}
        chosen={search.baseModel ?? []}
        onChange={(baseModel) => change({ baseModel: baseModel.length ? baseModel : undefined })}
        first={10}
      />
      <div className={styles.tag}>
        <Field label={t('Tag')}>
          {(wires) => (
            <Combobox
              {...wires}
              free
              placeholder={search.tag ?? t('Any')}
              value={text}
              onChange={setText}
              onPick={(tag) => {
                setText('');
                change({ tag });
              }}
              suggestions={tags.map((tag) => ({ value: tag.name }))}
            />
          )}
        </Field>
      </div>
      {viewer?.user && (
        <Facet
          title={t('From')}
          options={[{ value: 'yes', label: t('People I follow') }]}
          chosen={search.followed ? ['yes'] : []}
          onChange={([followed]) => change({ followed: followed ? 'yes' : undefined })}
          single
        />
      )}
      <Facet
        title={t('Published')}
        options={periods().slice(1)}
        chosen={search.period ? [search.period] : []}
        onChange={([period]) => change({ period })}
        single
      />
    </div>
  );
}

const named = (options: { value: string; label: string }[], value: string) =>
  options.find((one) => one.value === value)?.label ?? value;

/** What the list is filtered by, each with the way to take it off. */
export function ImageChips({ search, onChange }: FiltersProps) {
  const chips: Chip[] = [];
  const add = (key: keyof ImageSearch, label: string, kind?: string) =>
    chips.push({
      key,
      kind,
      label,
      onRemove: () => onChange({ [key]: undefined, ...fromStart }),
    });
  if (search.model) add('model', search.model, t('Gallery of model'));
  if (search.version) add('version', search.version, t('Gallery of version'));
  if (search.resource) add('resource', search.resource, t('Made with version'));
  if (search.username) add('username', search.username, t('By'));
  if (search.tag) add('tag', search.tag, t('Tag'));
  if (search.type) add('type', named(types(), search.type));
  if (search.recipe) add('recipe', t('Says how it was made'));
  if (search.followed) add('followed', t('People I follow'));
  if (search.collection) add('collection', search.collection, t('In collection'));
  if (search.tool) add('tool', named(toolOptions(), search.tool));
  if (search.period) add('period', named(periods(), search.period));
  for (const value of search.baseModel ?? []) {
    const rest = search.baseModel?.filter((other) => other !== value);
    chips.push({
      key: `baseModel.${value}`,
      label: value,
      onRemove: () => onChange({ baseModel: rest?.length ? rest : undefined, ...fromStart }),
    });
  }
  return <FilterChips chips={chips} onClear={() => onChange(unfiltered)} />;
}
