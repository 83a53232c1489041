import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { facetsQuery, tagsQuery, vocabularyQuery } from '../../api/models';
import { useViewer } from '../../api/session';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Facet } from '../../ui/facets';
import type { FacetOption } from '../../ui/facets';
import { Combobox } from '../../ui/combobox';
import { Field } from '../../ui/field';
import { countable, facetsOf, fromStart } from './search';
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

interface Counted {
  value: string;
  models: number;
}

/** Without an answer no number stands there; with one, what it leaves out has none. */
function counted(options: FacetOption[], counts: Counted[] | undefined): FacetOption[] {
  if (!counts) return options;
  const models = new Map(counts.map((one) => [one.value, one.models]));
  return options.map((option) => ({ ...option, count: models.get(option.value) ?? 0 }));
}

const orNone = (list: string[]) => (list.length ? list : undefined);

/** Every filter of the grid; what is chosen lives in the address. */
export function Filters({ search, onChange }: FiltersProps) {
  const words = useQuery(vocabularyQuery).data;
  const viewer = useViewer();
  const [text, setText] = useState('');
  const all = useQuery(facetsQuery(facetsOf(search))).data;
  const counts = countable(search) ? all : undefined;
  const tags = useQuery(tagsQuery(text)).data?.items ?? [];
  const change = (part: GridSearch) => onChange({ ...part, ...fromStart });
  const checkpoint = !search.type || search.type.includes('Checkpoint');

  return (
    <div>
      <Facet
        title={t('Type')}
        options={counted(
          (words?.modelTypes ?? []).map((value) => ({ value, label: typeWords(value) })),
          counts?.type,
        )}
        chosen={search.type ?? []}
        onChange={(type) => change({ type: orNone(type) })}
        first={8}
      />
      <Facet
        title={t('Base model')}
        options={counted(
          commonFirst(words?.activeBaseModels ?? []).map((value) => ({ value, label: value })),
          counts?.baseModel,
        )}
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
        options={counted(periods().slice(1), counts?.period)}
        chosen={search.period ? [search.period] : []}
        onChange={([period]) => change({ period })}
        single
      />
      <Facet
        title={t('File format')}
        options={counted(
          (words?.fileFormats ?? []).map((value) => ({ value, label: formatWords(value) })),
          counts?.format,
        )}
        chosen={search.format ?? []}
        onChange={(format) => change({ format: orNone(format) })}
      />
      {checkpoint && (
        <Facet
          title={t('Checkpoint type')}
          options={counted(checkpointTypes(), counts?.checkpointType)}
          chosen={search.checkpointType ? [search.checkpointType] : []}
          onChange={([checkpointType]) => change({ checkpointType })}
          single
        />
      )}
    </div>
  );
}
