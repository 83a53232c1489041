import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { administration, membersQuery } from '../../api/administration';
import { useViewer } from '../../api/session';
import type { Role, Standing, UserRow } from '../../api/shapes';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Select, TextField } from '../../ui/field';
import { useLate } from '../../ui/late';
import { Pager } from '../../ui/pager';
import { Bone, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { roles, roleWords, standings } from './words';
import styles from './administration.module.css';

/** A stack of cursors: lists are read forwards, so going back means remembering. */
export function useCursors() {
  const [cursors, setCursors] = useState<string[]>([]);
  return {
    cursor: cursors.at(-1) ?? '',
    page: cursors.length + 1,
    next: (cursor: string) => setCursors([...cursors, cursor]),
    previous: cursors.length ? () => setCursors(cursors.slice(0, -1)) : undefined,
    start: () => setCursors([]),
  };
}

export function UsersPart() {
  const queries = useQueryClient();
  const self = useViewer()?.user?.id;
  const [text, setText] = useState('');
  const query = useLate(text.trim(), 250);
  const { cursor, page, next, previous, start } = useCursors();
  // A new search starts at its own first page.
  useEffect(() => start(), [query]); // eslint-disable-line react-hooks/exhaustive-deps
  const found = useQuery(membersQuery(query, cursor));
  const change = useMutation({
    mutationFn: ({ id, ...form }: { id: number; role?: Role; status?: Standing }) =>
      administration.changeUser(id, form),
    onSuccess: () => say(t('Saved')),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'users'] }),
  });

  return (
    <section className={styles.section}>
      <div className={styles.bar}>
        <div>
          <TextField
            type="search"
            label={t('Find by name or email')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </div>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="16rem" />
      ) : (
        <>
          <Table<UserRow>
            label={t('Members')}
            rows={found.data.items}
            rowKey={(user) => user.id}
            columns={[
              {
                key: 'name',
                title: t('Name'),
                cell: (user) => (
                  <>
                    <Link to="/user/$username" params={{ username: user.username }}>
                      {user.username}
                    </Link>{' '}
                    {user.demo && <Badge>{t('Demo')}</Badge>}
                  </>
                ),
                sort: (user) => user.username,
              },
              { key: 'email', title: t('Email'), cell: (user) => user.email },
              {
                key: 'role',
                title: t('Role'),
                cell: (user) =>
                  user.id === self ? (
                    roleWords(user.role)
                  ) : (
                    <Select
                      compact
                      aria-label={t('Role of {name}', { name: user.username })}
                      value={user.role}
                      onChange={(event) =>
                        change.mutate({ id: user.id, role: event.target.value as Role })
                      }
                      options={roles()}
                    />
                  ),
              },
              {
                key: 'joined',
                title: t('Joined'),
                cell: (user) => <Time at={user.joinedAt} />,
                sort: (user) => user.joinedAt,
              },
              {
                key: 'state',
                title: t('Standing'),
                cell: (user) =>
                  user.id === self ? (
                    t('you')
                  ) : (
                    <Select
                      compact
                      aria-label={t('Standing of {name}', { name: user.username })}
                      value={user.status}
                      onChange={(event) =>
                        change.mutate({ id: user.id, status: event.target.value as Standing })
                      }
                      options={standings()}
                    />
                  ),
              },
            ]}
          />
          <Pager
            page={page}
            onPrevious={previous}
            onNext={found.data.nextCursor ? () => next(found.data.nextCursor!) : undefined}
          />
        </>
      )}
    </section>
  );
}
