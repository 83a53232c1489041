import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tagsQuery, vocabularyQuery } from '../../api/models';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Facet } from '../../ui/facets';
import { Combobox } from '../../ui/combobox';
import { Field } from '../../ui/field';
import { fromStart } from './search';
import type { GridSearch } from './search';
import { checkpointTypes, formatWords, periods } from './words';
import styles from './models.module.css';

interface FiltersProps {
  search: GridSearch;
  onChange: (change: GridSearch) => void;
}

/** What most files are for comes first; the rest keeps its order. */
const common = [
  'SDXL 1.0',
  'SD 1.5',
  'Pony',
  'Illustrious',
  'Flux.1 D',
  'Flux.1 S',
  'SD 3.5',
  'Qwen',
];

function commonFirst(bases: string[]): string[] {
  const known = common.filter((base) => bases.includes(base));
  return [...known, ...bases.filter((base) => !common.includes(base))];
}

const orNone = (list: string[]) => (list.length ? list : undefined);

/** Every filter of the grid; what is chosen lives in the address. */
export function Filters({ search, onChange }: FiltersProps) {
  const words = useQuery(vocabularyQuery).data;
  const [text, setText] = useState('');
  const tags = useQuery(tagsQuery(text)).data?.items ?? [];
  const change = (part: GridSearch) => onChange({ ...part, ...fromStart });
  const checkpoint = !search.type || search.type.includes('Checkpoint');

  return (
    <div>
      <Facet
        title={t('Type')}
        options={(words?.modelTypes ?? []).map((value) => ({ value, label: typeWords(value) }))}
        chosen={search.type ?? []}
        onChange={(type) => change({ type: orNone(type) })}
        first={8}
      />
      <Facet
        title={t('Base model')}
        options={commonFirst(words?.activeBaseModels ?? []).map((value) => ({
          value,
          label: value,
        }))}
        chosen={search.baseModel ?? []}
        onChange={(baseModel) => change({ baseModel: orNone(baseModel) })}
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
              suggestions={tags.map((tag) => ({ value: tag.name, aside: String(tag.models) }))}
            />
          )}
        </Field>
      </div>
      <Facet
        title={t('Published')}
        options={periods().slice(1)}
        chosen={search.period ? [search.period] : []}
        onChange={([period]) => change({ period })}
        single
      />
      <Facet
        title={t('File format')}
        options={(words?.fileFormats ?? []).map((value) => ({ value, label: formatWords(value) }))}
        chosen={search.format ?? []}
        onChange={(format) => change({ format: orNone(format) })}
      />
      {checkpoint && (
        <Facet
          title={t('Checkpoint type')}
          options={checkpointTypes()}
          chosen={search.checkpointType ? [search.checkpointType] : []}
          onChange={([checkpointType]) => change({ checkpointType })}
          single
        />
      )}
    </div>
  );
}
