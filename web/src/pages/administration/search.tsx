import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, indexFailuresQuery, searchStatusQuery } from '../../api/administration';
import { useNews } from '../../api/live';
import type { SearchKind } from '../../api/search';
import type { Body } from '../../api/shapes';
import { bytes, duration, number } from '../../text/format';
import { searchKindWords } from '../../text/search';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Progress } from '../../ui/progress';
import { Bone, Failure, Notice } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './administration.module.css';

type Index = Body<'SearchIndex'>;
type FailureRow = Body<'IndexFailureRow'>;

function StandingBadge({ index }: { index: Index }) {
  if (!index.serving) {
    return (
      <Badge tone="danger" icon="warning">
        {t('Simple lists instead')}
      </Badge>
    );
  }
  if (index.rebuilding) return <Badge tone="accent">{t('Serving, and being rebuilt')}</Badge>;
  if (index.failed > 0) return <Badge tone="warning">{t('Serving, some failed')}</Badge>;
  return (
    <Badge tone="success" icon="check">
      {t('Serving')}
    </Badge>
  );
}

/** Why a document is not in its index, and when that is tried again. */
function Failures({ kind }: { kind: SearchKind }) {
  const found = useQuery(indexFailuresQuery(kind));
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => administration.retryIndexFailures(kind),
    onSuccess: (done) =>
      say(t('{count, plural, one {# is tried again} other {# are tried again}}', {
        count: done.documents,
      })),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'search'] }),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="6rem" />;
  return (
    <>
      <Table<FailureRow>
        label={t('Failures: {kind}', { kind: searchKindWords(kind) })}
        rows={found.data.items}
        rowKey={(row) => row.id}
        columns={[
          { key: 'id', title: t('Number'), cell: (row) => row.id, sort: (row) => row.id },
          {
            key: 'reason',
            title: t('Reason'),
            cell: (row) => <div className={styles.error}>{row.reason}</div>,
            sort: (row) => row.reason,
          },
          {
            key: 'attempts',
            title: t('Attempts'),
            end: true,
            cell: (row) => number(row.attempts),
            sort: (row) => row.attempts,
          },
          {
            key: 'next',
            title: t('Tried again'),
            cell: (row) => <Time at={row.nextAt} />,
            sort: (row) => row.nextAt,
          },
        ]}
      />
      <div>
        <Button icon="retry" busy={again.isPending} onClick={() => again.mutate()}>
          {t('Try all again now')}
          <span className="unseen">{searchKindWords(kind)}</span>
        </Button>
      </div>
    </>
  );
}

function Facts({ index }: { index: Index }) {
  return (
    <div className={styles.facts}>
      <span>
        {t('{count, plural, one {# document} other {# documents}}', { count: index.documents })}
      </span>
      <span>{bytes(index.bytes)}</span>
      <span>
        {index.lagMs === undefined
          ? t('Up to date')
          : t('{time} behind', { time: duration(index.lagMs / 1000) })}
      </span>
      {index.queued + index.indexing > 0 && (
        <span>{t('{count, number} waiting', { count: index.queued + index.indexing })}</span>
      )}
      {index.behind > 0 && (
        <span>
          {t('{count, plural, one {# event} other {# events}} unread', { count: index.behind })}
        </span>
      )}
      <span>{t('{count, number} a minute', { count: index.perMinute })}</span>
      {index.rebuiltAt && (
        <span>
          {t('Rebuilt')} <Time at={index.rebuiltAt} />
        </span>
      )}
      {index.auditedAt && (
        <span>
          {t('Audited')} <Time at={index.auditedAt} />
          {': '}
          {index.drifted === 0
            ? t('all as in the database')
            : t('{count, plural, one {# document} other {# documents}} mended', {
                count: index.drifted,
              })}
        </span>
      )}
    </div>
  );
}

function IndexCard({ index }: { index: Index }) {
  const { kind } = index;
  const [shown, show] = useState(false);
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (work: 'reindex' | 'auditIndex') => administration[work](kind),
    onSuccess: (_, work) =>
      say(
        work === 'reindex'
          ? t('The index is being built again beside the one that serves')
          : t('The index is being compared with the database'),
      ),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'search'] }),
  });
  const busy = (work: string) => act.isPending && act.variables === work;
  const name = searchKindWords(kind);
  return (
    <section className={styles.card} aria-label={name}>
      <div className={styles.cardHead}>
        <h2>{name}</h2>
        <StandingBadge index={index} />
      </div>
      <Facts index={index} />
      {index.reason && <Notice tone={index.serving ? 'info' : 'warning'}>{index.reason}</Notice>}
      {index.rebuilding && (
        <Progress
          label={t('Being built')}
          done={index.rebuildDone}
          total={index.rebuildTotal || undefined}
          aside={t('{done, number} of about {total, number}', {
            done: index.rebuildDone,
            total: index.rebuildTotal,
          })}
        />
      )}
      <div className={styles.choices}>
        <Button
          size="small"
          icon="retry"
          busy={busy('reindex')}
          disabled={index.rebuilding}
          onClick={() => act.mutate('reindex')}
        >
          {t('Build again')}
          <span className="unseen">{name}</span>
        </Button>
        <Button
          size="small"
          icon="check"
          busy={busy('auditIndex')}
          onClick={() => act.mutate('auditIndex')}
        >
          {t('Audit')}
          <span className="unseen">{name}</span>
        </Button>
        {index.failed > 0 && (
          <Button size="small" icon="warning" aria-expanded={shown} onClick={() => show(!shown)}>
            {t('{count, plural, one {# failure} other {# failures}}', { count: index.failed })}
            <span className="unseen">{name}</span>
          </Button>
        )}
      </div>
      {shown && index.failed > 0 && <Failures kind={kind} />}
    </section>
  );
}

/** How the search indexes stand. SQL is the truth: all of this can be built again. */
export function SearchPart() {
  const found = useQuery(searchStatusQuery);
  useNews('jobs', ['admin', 'search'], 'search.');
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="12rem" />;
  return (
    <section className={styles.section}>
      {found.data.indexes.map((index) => (
        <IndexCard key={index.kind} index={index} />
      ))}
      <p className={styles.facts}>
        {found.data.embedder
          ? t('Meaning is told by {name}.', { name: found.data.embedder })
          : t('Searches go by words; nothing was learnt from the texts yet.')}
      </p>
    </section>
  );
}
