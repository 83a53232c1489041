import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { collections, contributorsQuery } from '../../api/collections';
import type { Contributor } from '../../api/collections';
import { profileQuery } from '../../api/session';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { Select, SelectField, TextField } from '../../ui/field';
import { PersonChip } from '../../ui/person';
import { Bone, Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import styles from './collections.module.css';

type Permission = Contributor['permission'];

const permissions = (): { value: Permission; label: string }[] => [
  { value: 'VIEW', label: t('sees it') },
  { value: 'ADD_REVIEW', label: t('can suggest') },
  { value: 'ADD', label: t('can add') },
  { value: 'MANAGE', label: t('can organise') },
];

function Invite({ id }: { id: number }) {
  const queries = useQueryClient();
  const [username, setUsername] = useState('');
  const [permission, setPermission] = useState<Permission>('ADD');
  const work = useMutation({
    mutationFn: async () => {
      const person = await queries.fetchQuery(profileQuery(username.trim()));
      return collections.allow(id, person.id, permission);
    },
    onSuccess: (fresh) => {
      setUsername('');
      queries.setQueryData(contributorsQuery(id).queryKey, fresh);
      say(t('Added'));
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (username.trim() && !work.isPending) work.mutate();
      }}
    >
      <div className={styles.pair}>
        <TextField
          label={t('Username')}
          maxLength={30}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <SelectField
          label={t('Role')}
          value={permission}
          onChange={(event) => setPermission(event.target.value as Permission)}
          options={permissions()}
        />
      </div>
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button type="submit" icon="plus" busy={work.isPending} disabled={!username.trim()}>
          {t('Add contributor')}
        </Button>
      </DialogActions>
    </form>
  );
}

function People({ id }: { id: number }) {
  const queries = useQueryClient();
  const found = useQuery(contributorsQuery(id));
  const keep = {
    onSuccess: (fresh: { items: Contributor[] }) =>
      queries.setQueryData(contributorsQuery(id).queryKey, fresh),
    onError: (error: Error) => say(error.message, { bad: true }),
  };
  const allow = useMutation({
    mutationFn: (row: Contributor) => collections.allow(id, row.id, row.permission),
    ...keep,
  });
  const remove = useMutation({
    mutationFn: (user: number) => collections.disallow(id, user),
    ...keep,
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="6rem" />;
  return (
    <>
      {found.data.items.length === 0 ? (
        <p className={styles.line}>{t('Only the owner so far.')}</p>
      ) : (
        <ul className={styles.rows} aria-label={t('Contributors')}>
          {found.data.items.map((row) => (
            <li key={row.id} className={styles.person}>
              <PersonChip username={row.username} />
              <Select
                compact
                aria-label={t('Role of {name}', { name: row.username })}
                value={row.permission}
                onChange={(event) =>
                  allow.mutate({ ...row, permission: event.target.value as Permission })
                }
                options={permissions()}
              />
              <Button
                size="small"
                variant="ghost"
                icon="cross"
                aria-label={t('Remove {name}', { name: row.username })}
                onClick={() => remove.mutate(row.id)}
              />
            </li>
          ))}
        </ul>
      )}
      <Invite id={id} />
    </>
  );
}

interface ContributorsProps {
  id: number;
  open: boolean;
  onClose: () => void;
}

/** Who else fills a collection, and what each may do. */
export function Contributors({ id, open, onClose }: ContributorsProps) {
  return (
    <Dialog open={open} onClose={onClose} title={t('Contributors')}>
      <People id={id} />
    </Dialog>
  );
}
