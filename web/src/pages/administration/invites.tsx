import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, invitesQuery } from '../../api/administration';
import type { Invite, Role } from '../../api/shapes';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { copy } from '../../ui/copy';
import { SelectField } from '../../ui/field';
import { Bone, Empty, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { roles, roleWords } from './words';
import styles from './administration.module.css';

const link = (invite: Invite) =>
  `${location.origin}/sign-up?invite=${encodeURIComponent(invite.code)}`;

export function InvitesPart() {
  const queries = useQueryClient();
  const [role, setRole] = useState<Role>('member');
  const found = useQuery(invitesQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: invitesQuery.queryKey });
  const invite = useMutation({
    mutationFn: () => administration.invite({ role }),
    onSuccess: async (made) => {
      await refresh();
      await copy(link(made), t('the invitation’s link'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const withdraw = useMutation({
    mutationFn: administration.withdraw,
    onSettled: refresh,
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <section className={styles.section} aria-label={t('Invitations')}>
      <div className={styles.bar}>
        <div>
          <SelectField
            label={t('Invite as')}
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
            options={roles()}
          />
        </div>
        <Button variant="solid" icon="link" busy={invite.isPending} onClick={() => invite.mutate()}>
          {t('Make a link and copy it')}
        </Button>
      </div>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="10rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="people" title={t('No invitations')}>
          {t(
            'A link lets one person make an account, also while registration is closed to others.',
          )}
        </Empty>
      ) : (
        <Table<Invite>
          label={t('Invitations')}
          rows={found.data.items}
          rowKey={(one) => one.id}
          columns={[
            { key: 'code', title: t('Code'), cell: (one) => <code>{one.code}</code> },
            { key: 'role', title: t('Role'), cell: (one) => roleWords(one.role) },
            { key: 'made', title: t('Made'), cell: (one) => <Time at={one.createdAt} /> },
            {
              key: 'used',
              title: t('Used by'),
              cell: (one) =>
                one.usedBy ??
                (one.expiresAt ? (
                  <>
                    {t('open, expires')} <Time at={one.expiresAt} />
                  </>
                ) : (
                  t('open')
                )),
            },
            {
              key: 'actions',
              title: <span className="unseen">{t('Actions')}</span>,
              end: true,
              cell: (one) =>
                one.usedBy ? null : (
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
      )}
    </section>
  );
}
