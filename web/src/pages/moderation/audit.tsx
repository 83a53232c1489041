import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { auditQuery } from '../../api/moderation';
import type { AuditRow } from '../../api/moderation';
import { t } from '../../text/words';
import { Pager } from '../../ui/pager';
import { Bone, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';

/** Who did what with special rights. Nothing is ever taken out of it. */
export function AuditPart() {
  const [cursors, setCursors] = useState<string[]>([]);
  const found = useQuery(auditQuery(cursors.at(-1) ?? ''));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="16rem" />;
  const { items, nextCursor } = found.data;
  return (
    <>
      <Table<AuditRow>
        label={t('Audit log')}
        rows={items}
        rowKey={(row) => row.id}
        columns={[
          { key: 'at', title: t('When'), cell: (row) => <Time at={row.at} /> },
          {
            key: 'who',
            title: t('Who'),
            cell: (row) => row.actorName || t('the command line'),
          },
          { key: 'act', title: t('What'), cell: (row) => row.act },
          {
            key: 'subject',
            title: t('On what'),
            cell: (row) => (row.subject ? `${row.kind} ${row.subject}` : row.kind),
          },
          { key: 'details', title: t('Details'), cell: (row) => row.details },
          {
            key: 'hash',
            title: t('Chain'),
            cell: (row) => <code title={row.hash}>{row.hash.slice(0, 10)}</code>,
          },
        ]}
      />
      <Pager
        page={cursors.length + 1}
        onPrevious={cursors.length ? () => setCursors(cursors.slice(0, -1)) : undefined}
        onNext={nextCursor ? () => setCursors([...cursors, nextCursor]) : undefined}
      />
    </>
  );
}
