import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { enumsQuery, tagsQuery } from '../../api/models';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Facet } from '../../ui/facets';
import { TagsField } from '../../ui/tags';
import { fromStart } from './search';
import type { GridSearch } from './search';
import { checkpointTypes, formatWords, periods } from './words';

interface FiltersProps {
  search: GridSearch;
  onChange: (change: GridSearch) => void;
}

const orNone = (list: string[]) => (list.length ? list : undefined);

/** Every filter of the grid; what is chosen lives in the address. */
export function Filters({ search, onChange }: FiltersProps) {
  const enums = useQuery(enumsQuery).data;
  const [text, setText] = useState('');
  const tags = useQuery(tagsQuery(text)).data?.items ?? [];
  const change = (part: GridSearch) => onChange({ ...part, ...fromStart });
  const checkpoint = !search.type || search.type.includes('Checkpoint');

  return (
    <div>
      <Facet
        title={t('Type')}
        options={(enums?.modelTypes ?? []).map((value) => ({ value, label: typeWords(value) }))}
        chosen={search.type ?? []}
        onChange={(type) => change({ type: orNone(type) })}
        first={8}
      />
      <Facet
        title={t('Base model')}
        options={(enums?.baseModels ?? []).map((value) => ({ value, label: value }))}
        chosen={search.baseModel ?? []}
        onChange={(baseModel) => change({ baseModel: orNone(baseModel) })}
        first={10}
      />
      <TagsField
        label={t('Tags')}
        value={search.tag ?? []}
        onChange={(tag) => change({ tag: orNone(tag) })}
        onQuery={setText}
        suggestions={tags.map((tag) => ({ value: tag.name, aside: String(tag.modelCount) }))}
        placeholder={t('Any tag')}
      />
      <div style={{ height: 'var(--space-4)' }} />
      <Facet
        title={t('Published')}
        options={periods().slice(1)}
        chosen={search.period ? [search.period] : []}
        onChange={([period]) => change({ period })}
        single
      />
      <Facet
        title={t('File format')}
        options={(enums?.fileFormats ?? []).map((value) => ({ value, label: formatWords(value) }))}
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
