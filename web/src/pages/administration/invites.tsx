import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, invitesQuery } from '../../api/administration';
import { useViewer } from '../../api/session';
import type { InviteRow } from '../../api/shapes';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { copy } from '../../ui/copy';
import { TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Form } from '../../ui/form-parts';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './administration.module.css';

const link = (invite: InviteRow) =>
  `${location.origin}/sign-up?invite=${encodeURIComponent(invite.code)}`;

function NewInvite({ refresh }: { refresh: () => Promise<unknown> }) {
  const [note, setNote] = useState('');
  const [uses, setUses] = useState('1');
  const [days, setDays] = useState('14');
  const form = useForm(
    ['note', 'uses', 'days'],
    () =>
      administration.invite({
        note: note.trim() || undefined,
        uses: Number(uses),
        days: Number(days),
      }),
    async (made) => {
      setNote('');
      await refresh();
      await copy(link(made), t('the invitation’s link'));
    },
  );
  return (
    <Form form={form} className={styles.form}>
      <TextField
        label={t('For whom')}
        optional
        value={note}
        onChange={(event) => setNote(event.target.value)}
        error={form.error('note')}
      />
      <div className={styles.pair}>
        <TextField
          label={t('How many may use it')}
          inputMode="numeric"
          value={uses}
          onChange={(event) => setUses(event.target.value)}
          error={form.error('uses')}
        />
        <TextField
          label={t('Days until it ends')}
          inputMode="numeric"
          value={days}
          onChange={(event) => setDays(event.target.value)}
          error={form.error('days')}
        />
      </div>
      <div>
        <Button type="submit" variant="solid" icon="link" busy={form.busy}>
          {t('Make a link and copy it')}
        </Button>
      </div>
    </Form>
  );
}

function List({ invites, refresh }: { invites: InviteRow[]; refresh: () => Promise<unknown> }) {
  const withdraw = useMutation({
    mutationFn: administration.withdraw,
    onSettled: refresh,
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <Table<InviteRow>
      label={t('Invitations')}
      rows={invites}
      rowKey={(one) => one.id}
      columns={[
        { key: 'note', title: t('For whom'), cell: (one) => one.note || '–' },
        { key: 'code', title: t('Code'), cell: (one) => <code>{one.code}</code> },
        { key: 'uses', title: t('Uses left'), end: true, cell: (one) => one.usesLeft },
        { key: 'made', title: t('Made'), cell: (one) => <Time at={one.createdAt} /> },
        { key: 'ends', title: t('Ends'), cell: (one) => <Time at={one.expiresAt} /> },
        {
          key: 'actions',
          title: <span className="unseen">{t('Actions')}</span>,
          end: true,
          cell: (one) => (
            <div className={styles.actions}>
              <Button
                size="small"
                icon="copy"
                onClick={() => copy(link(one), t('the invitation’s link'))}
              >
                {t('Copy link')}
              </Button>
              <Button size="small" onClick={() => withdraw.mutate(one.id)}>
                {t('Withdraw')}
              </Button>
            </div>
          ),
        },
      ]}
    />
  );
}

export function InvitesPart() {
  const queries = useQueryClient();
  const found = useQuery(invitesQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: invitesQuery.queryKey });
  const closed = useViewer()?.registration === 'closed';
  return (
    <section className={styles.section}>
      {closed && (
        <Notice tone="warning" title={t('Nobody may make an account now')}>
          {t('Invitations work again when Settings let in those who have one.')}
        </Notice>
      )}
      <NewInvite refresh={refresh} />
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="10rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="people" title={t('No invitations')}>
          {t('A link lets people make an account where Settings let in only those who have one.')}
        </Empty>
      ) : (
        <List invites={found.data.items} refresh={refresh} />
      )}
    </section>
  );
}
