import { facetFields } from '../../api/search';
import type { FacetField, SearchKind, SearchReply } from '../../api/search';
import { facetValueWords, facetWords } from '../../text/search';
import { t } from '../../text/words';
import { FilterChips } from '../../ui/chips';
import type { Chip } from '../../ui/chips';
import { Facet } from '../../ui/facets';
import type { FacetOption } from '../../ui/facets';
import { periods } from '../models/words';
import { fromStart, unfiltered } from './search';
import type { PageSearch } from './search';

type Facets = SearchReply['facets'];
type Change = (change: PageSearch) => void;

const orNone = (list: string[]) => (list.length ? list : undefined);

/** What is on but not among the most frequent comes first, with a count that nobody was told. */
function optionsOf(
  kind: SearchKind,
  field: FacetField,
  counted: Facets[number]['values'],
  chosen: string[],
): FacetOption[] {
  const others = chosen.filter((value) => !counted.some((one) => one.value === value));
  const all = [...others.map((value) => ({ value, count: undefined })), ...counted];
  return all.map((one) => ({ ...one, label: facetValueWords(kind, field, one.value) }));
}

interface FiltersProps {
  kind: SearchKind;
  search: PageSearch;
  facets: Facets;
  onChange: Change;
}

/** Every filter that this kind has, with how much each value would list. */
export function SearchFilters({ kind, search, facets, onChange }: FiltersProps) {
  return (
    <div>
      {facetFields.map((field) => {
        const counted = facets.find((one) => one.field === field)?.values ?? [];
        const chosen = search[field] ?? [];
        const options = optionsOf(kind, field, counted, chosen);
        if (options.length === 0) return null;
        return (
          <Facet
            key={field}
            title={facetWords(field)}
            options={options}
            chosen={chosen}
            onChange={(values) => onChange({ [field]: orNone(values), ...fromStart })}
            first={8}
          />
        );
      })}
      <Facet
        title={t('Published')}
        options={periods().slice(1)}
        chosen={search.period ? [search.period] : []}
        onChange={([period]) => onChange({ period, ...fromStart })}
        single
      />
    </div>
  );
}

interface ChipsProps {
  search: PageSearch;
  onChange: Change;
}

/** What the list is narrowed by, each with the way to take it off. */
export function SearchChips({ search, onChange }: ChipsProps) {
  const chips: Chip[] = facetFields.flatMap((field) => {
    const chosen = search[field] ?? [];
    return chosen.map((value) => ({
      key: `${field}.${value}`,
      kind: field === 'tag' || field === 'username' ? facetWords(field) : undefined,
      label: facetValueWords(search.in ?? 'models', field, value),
      onRemove: () =>
        onChange({ [field]: orNone(chosen.filter((one) => one !== value)), ...fromStart }),
    }));
  });
  if (search.period) {
    chips.push({
      key: 'period',
      label: periods().find((one) => one.value === search.period)?.label ?? search.period,
      onRemove: () => onChange({ period: undefined, ...fromStart }),
    });
  }
  return <FilterChips chips={chips} onClear={() => onChange(unfiltered)} />;
}
