import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { hidden, hiddenQuery } from '../../api/hidden';
import type { HiddenRow } from '../../api/hidden';
import { forgetFeeds } from '../../api/images';
import { tagsQuery } from '../../api/models';
import { accounts, viewerQuery } from '../../api/session';
import type { Self } from '../../api/shapes';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Combobox } from '../../ui/combobox';
import { Check, Field } from '../../ui/field';
import { useLate } from '../../ui/late';
import { setVeil, useVeil } from '../../ui/picture/levels';
import { Bone, Empty, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { levelOptions } from '../../ui/viewer/level';
import styles from './settings.module.css';

function Levels({ user }: { user: Self }) {
  const queries = useQueryClient();
  const veil = useVeil();
  const change = useMutation({
    mutationFn: (browsing: number) => accounts.change({ browsing }),
    onSuccess: async () => {
      forgetFeeds();
      // What is shown everywhere follows from this.
      await queries.invalidateQueries();
      await queries.refetchQueries({ queryKey: viewerQuery.queryKey });
      say(t('Saved'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <>
      <fieldset className={styles.section}>
        <legend>
          <h2>{t('What you see')}</h2>
        </legend>
        <p>{t('Models, images and everything else of these levels. PG is always shown.')}</p>
        {levelOptions().map(({ value, label }) => {
          const bit = Number(value);
          return (
            <Check
              key={value}
              checked={(user.browsing & bit) !== 0}
              disabled={bit === 1 || change.isPending}
              onChange={() => change.mutate((user.browsing ^ bit) | 1)}
              label={label}
            />
          );
        })}
      </fieldset>
      <fieldset className={styles.section}>
        <legend>
          <h2>{t('What is veiled until you ask')}</h2>
        </legend>
        <p>{t('Kept in this browser. A veiled image is not even fetched before you show it.')}</p>
        {levelOptions()
          .slice(1)
          .map(({ value, label }) => {
            const bit = Number(value);
            return (
              <Check
                key={value}
                checked={(veil & bit) !== 0}
                onChange={() => setVeil(veil ^ bit)}
                label={label}
              />
            );
          })}
      </fieldset>
    </>
  );
}

function kindWords(row: HiddenRow): string {
  switch (row.kind) {
    case 'user':
      return t('Person');
    case 'tag':
      return t('Tag');
    case 'model':
      return t('Model');
    default:
      return t('Image');
  }
}

/** Picks a tag by the beginning of its name and hides what carries it. */
function HideTag() {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const word = text.trim().toLowerCase();
  const found = useQuery({ ...tagsQuery(useLate(word, 200)), enabled: word !== '' });
  const tags = word === '' ? [] : (found.data?.items ?? []);
  const hide = useMutation({
    mutationFn: (id: number) => hidden.hide('tag', id),
    onSuccess: (fresh) => {
      queries.setQueryData(hiddenQuery.queryKey, fresh);
      forgetFeeds();
      setText('');
      say(t('Hidden'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  function pick(name: string) {
    const tag = tags.find((one) => one.name === name.toLowerCase());
    if (tag) hide.mutate(tag.id);
  }
  return (
    <Field label={t('Hide a tag')} hint={t('Anything with this tag disappears from your lists.')}>
      {(wires) => (
        <Combobox
          {...wires}
          free
          value={text}
          onChange={setText}
          onPick={pick}
          placeholder={t('Begin to type a tag')}
          suggestions={tags.map((tag) => ({
            value: tag.name,
            aside: t('{count, plural, one {# model} other {# models}}', { count: tag.models }),
          }))}
        />
      )}
    </Field>
  );
}

function Hidden() {
  const queries = useQueryClient();
  const found = useQuery(hiddenQuery);
  const give = useMutation({
    mutationFn: (row: HiddenRow) => hidden.giveBack(row),
    onSuccess: (fresh) => {
      queries.setQueryData(hiddenQuery.queryKey, fresh);
      forgetFeeds();
      say(t('Shown again'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <section className={styles.section}>
      <h2>{t('Hidden and blocked')}</h2>
      <HideTag />
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="8rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="hide" title={t('Nothing hidden')}>
          {t('People, tags, models and images that you hide are listed here.')}
        </Empty>
      ) : (
        <Table<HiddenRow>
          label={t('Hidden and blocked')}
          rows={found.data.items}
          rowKey={(row) => `${row.kind}.${row.id}`}
          columns={[
            {
              key: 'name',
              title: t('Name'),
              cell: (row) =>
                row.kind === 'user' ? (
                  <Link to="/user/$username" params={{ username: row.name }}>
                    {row.name}
                  </Link>
                ) : (
                  row.name || String(row.id)
                ),
            },
            {
              key: 'kind',
              title: t('Kind'),
              cell: (row) => (
                <>
                  {kindWords(row)} {row.blocked && <Badge tone="danger">{t('Blocked')}</Badge>}
                </>
              ),
            },
            { key: 'since', title: t('Since'), cell: (row) => <Time at={row.since} /> },
            {
              key: 'show',
              title: t('Action'),
              end: true,
              cell: (row) => (
                <Button size="small" icon="eye" onClick={() => give.mutate(row)}>
                  {row.blocked ? t('Unblock') : t('Show again')}
                </Button>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}

/** Which levels are shown, which are veiled, and what is kept out of sight. */
export function BrowsingPart({ user }: { user: Self }) {
  return (
    <>
      <Levels user={user} />
      <Hidden />
    </>
  );
}
