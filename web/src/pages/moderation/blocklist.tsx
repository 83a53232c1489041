import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { blocklistQuery, moderation } from '../../api/moderation';
import type { BlockedRow } from '../../api/moderation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './moderation.module.css';

const kinds = () => [
  { value: 'word', label: t('Word') },
  { value: 'domain', label: t('Domain') },
  { value: 'sha256', label: t('SHA-256') },
  { value: 'perceptual', label: t('Perceptual hash') },
];

const responses = () => [
  { value: 'refuse', label: t('Refuse it') },
  { value: 'review', label: t('Report it') },
];

const named = (options: { value: string; label: string }[], value: string) =>
  options.find((one) => one.value === value)?.label ?? value;

function Add() {
  const queries = useQueryClient();
  const [kind, setKind] = useState<BlockedRow['kind']>('word');
  const [value, setValue] = useState('');
  const [response, setResponse] = useState<BlockedRow['response']>('refuse');
  const work = useMutation({
    mutationFn: () => moderation.block({ kind, value: value.trim(), response }),
    onSuccess: async () => {
      setValue('');
      say(t('Added'));
      await queries.invalidateQueries({ queryKey: ['moderation', 'blocklist'] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() && !work.isPending) work.mutate();
      }}
    >
      <div className={styles.adding}>
        <SelectField
          label={t('Kind')}
          value={kind}
          onChange={(event) => setKind(event.target.value as BlockedRow['kind'])}
          options={kinds()}
        />
        <TextField
          label={t('What to block')}
          maxLength={200}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <SelectField
          label={t('When it appears')}
          value={response}
          onChange={(event) => setResponse(event.target.value as BlockedRow['response'])}
          options={responses()}
        />
        <Button type="submit" icon="plus" busy={work.isPending} disabled={!value.trim()}>
          {t('Add')}
        </Button>
      </div>
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
    </form>
  );
}

/** Files, pictures, domains and words that are not accepted. */
export function BlocklistPart() {
  const queries = useQueryClient();
  const found = useQuery(blocklistQuery(undefined));
  const remove = useMutation({
    mutationFn: (id: number) => moderation.unblock(id),
    onSuccess: () => say(t('Allowed again')),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['moderation', 'blocklist'] }),
  });
  return (
    <>
      <Add />
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="12rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="shield" title={t('Nothing is blocked')} />
      ) : (
        <Table<BlockedRow>
          label={t('Blocklist')}
          rows={found.data.items}
          rowKey={(row) => row.id}
          columns={[
            { key: 'kind', title: t('Kind'), cell: (row) => named(kinds(), row.kind) },
            { key: 'value', title: t('Value'), cell: (row) => <code>{row.value}</code> },
            {
              key: 'response',
              title: t('When it appears'),
              cell: (row) => named(responses(), row.response),
            },
            { key: 'note', title: t('Note'), cell: (row) => row.note },
            { key: 'at', title: t('Since'), cell: (row) => <Time at={row.at} /> },
            {
              key: 'remove',
              title: t('Action'),
              end: true,
              cell: (row) => (
                <Button
                  size="small"
                  variant="ghost"
                  icon="trash"
                  aria-label={t('Remove {word}', { word: row.value })}
                  onClick={() => remove.mutate(row.id)}
                />
              ),
            },
          ]}
        />
      )}
    </>
  );
}
