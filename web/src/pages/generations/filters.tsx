import { useState } from 'react';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { FilterChips } from '../../ui/chips';
import type { Chip } from '../../ui/chips';
import { Combobox } from '../../ui/combobox';
import { Select } from '../../ui/field';
import type { Workflow } from '../../api/generation';
import { ended } from './history';
import { unfiltered } from './search';
import type { HistorySearch } from './search';
import { statusWords, workflows, workflowWords } from './words';
import styles from './history.module.css';

interface FiltersProps {
  search: HistorySearch;
  onChange: (change: HistorySearch) => void;
  /** Tags that stand on what is loaded. */
  tags: string[];
}

/** What the history is narrowed by. */
export function Filters({ search, onChange, tags }: FiltersProps) {
  const [text, setText] = useState('');
  const like = text.toLowerCase();
  return (
    <div className={styles.filters}>
      <Select
        compact
        aria-label={t('Outcome')}
        value={search.status ?? ''}
        onChange={(event) => onChange({ status: event.target.value || undefined })}
        options={[
          { value: '', label: t('Any outcome') },
          ...ended.map((value) => ({ value, label: statusWords(value) })),
        ]}
      />
      <Select
        compact
        aria-label={t('Kind')}
        value={search.workflow ?? ''}
        onChange={(event) => onChange({ workflow: event.target.value || undefined })}
        options={[
          { value: '', label: t('Any kind') },
          ...workflows.map((value) => ({ value, label: workflowWords(value) })),
        ]}
      />
      <div className={styles.tag}>
        <Combobox
          free
          aria-label={t('Tag')}
          placeholder={t('Tag')}
          value={text}
          onChange={setText}
          onPick={(tag) => {
            setText('');
            onChange({ tag: tag || undefined });
          }}
          suggestions={tags
            .filter((tag) => tag.toLowerCase().includes(like))
            .slice(0, 8)
            .map((value) => ({ value }))}
        />
      </div>
      <Button
        size="small"
        icon="heart"
        aria-pressed={search.favourite === 'yes'}
        className={styles.favourites}
        onClick={() => onChange({ favourite: search.favourite ? undefined : 'yes' })}
      >
        {t('Favourites')}
      </Button>
    </div>
  );
}

export function Chips({ search, onChange }: Omit<FiltersProps, 'tags'>) {
  const chips: Chip[] = [];
  const add = (key: keyof HistorySearch, label: string, kind?: string) =>
    chips.push({ key, kind, label, onRemove: () => onChange({ [key]: undefined }) });
  const known = ended.find((one) => one === search.status);
  if (search.status) add('status', known ? statusWords(known) : search.status);
  const workflow = workflows.find((one): one is Workflow => one === search.workflow);
  if (search.workflow) add('workflow', workflow ? workflowWords(workflow) : search.workflow);
  if (search.tag) add('tag', search.tag, t('Tag'));
  if (search.favourite) add('favourite', t('Favourites'));
  return <FilterChips chips={chips} onClear={() => onChange(unfiltered)} />;
}
