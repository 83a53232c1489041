import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { FilterChips } from '../../ui/chips';
import type { Chip } from '../../ui/chips';
import { fromStart, unfiltered } from './search';
import type { GridSearch } from './search';
import { checkpointTypes, formatWords, periods } from './words';

const lists = ['type', 'baseModel', 'format'] as const;
const singles = ['query', 'tag', 'collection', 'period', 'checkpointType'] as const;

function label(name: string, value: string): string {
  const named = { period: periods(), checkpointType: checkpointTypes() }[name];
  if (named) return named.find((one) => one.value === value)?.label ?? value;
  if (name === 'type') return typeWords(value);
  if (name === 'format') return formatWords(value);
  if (name === 'query') return `“${value}”`;
  return value;
}

const kinds = (): { [name: string]: string | undefined } => ({
  query: t('Search'),
  tag: t('Tag'),
  collection: t('In collection'),
});

interface ChosenProps {
  search: GridSearch;
  onChange: (change: GridSearch) => void;
}

export function Chosen({ search, onChange }: ChosenProps) {
  const chips: Chip[] = [];
  for (const name of singles) {
    const value = search[name];
    if (!value) continue;
    chips.push({
      key: name,
      kind: kinds()[name],
      label: label(name, value),
      onRemove: () => onChange({ [name]: undefined, ...fromStart }),
    });
  }
  if (search.followed) {
    chips.push({
      key: 'followed',
      label: t('People I follow'),
      onRemove: () => onChange({ followed: undefined, ...fromStart }),
    });
  }
  for (const name of lists) {
    for (const value of search[name] ?? []) {
      const rest = search[name]?.filter((other) => other !== value);
      chips.push({
        key: `${name}.${value}`,
        label: label(name, value),
        onRemove: () => onChange({ [name]: rest?.length ? rest : undefined, ...fromStart }),
      });
    }
  }
  return <FilterChips chips={chips} onClear={() => onChange(unfiltered)} />;
}
