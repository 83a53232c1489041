import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { administration, jobSummaryQuery, jobsQuery } from '../../api/administration';
import { useNews } from '../../api/live';
import type { Job, JobState } from '../../api/shapes';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import type { Tone } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Chart } from '../../ui/chart';
import { SelectField } from '../../ui/field';
import { Pager } from '../../ui/pager';
import { Progress } from '../../ui/progress';
import { Bone, Empty, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { useCursors } from './users';
import { stateWords } from './words';
import styles from './administration.module.css';

const states: JobState[] = ['pending', 'processing', 'completed', 'failed', 'cancelled'];

const tones: Record<JobState, Tone> = {
  pending: 'plain',
  processing: 'accent',
  completed: 'success',
  failed: 'danger',
  cancelled: 'warning',
};

function Summary({ state }: { state: JobState | '' }) {
  const found = useQuery(jobSummaryQuery);
  const history = found.data?.history;
  const at = useMemo(() => history?.map((point) => point.at) ?? [], [history]);
  const series = useMemo(
    () => [
      {
        label: t('Done'),
        colour: '--chart-1',
        values: history?.map((point) => point.completed) ?? [],
      },
      {
        label: t('Failed'),
        colour: '--chart-2',
        values: history?.map((point) => point.failed) ?? [],
      },
    ],
    [history],
  );
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="10rem" />;
  return (
    <>
      <div className={styles.counts}>
        {states.map((one) => (
          <Link
            key={one}
            to="/administration/{-$part}"
            params={{ part: 'jobs' }}
            search={(before) => ({ ...before, state: one === state ? undefined : one })}
            className={styles.count}
            data-on={one === state}
          >
            <strong>{number(found.data.states[one] ?? 0)}</strong>
            <span>{stateWords(one)}</span>
          </Link>
        ))}
      </div>
      {at.length > 1 && <Chart label={t('Jobs in the last hour')} at={at} series={series} />}
    </>
  );
}

function JobActions({ job }: { job: Job }) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (work: 'retry' | 'cancel') => administration[work](job.id),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'jobs'] }),
  });
  const again = job.state === 'failed' || job.state === 'cancelled';
  const open = job.state === 'pending' || job.state === 'processing';
  return (
    <div className={styles.actions}>
      {again && (
        <Button size="small" icon="retry" busy={act.isPending} onClick={() => act.mutate('retry')}>
          {t('Retry')}
          <span className="unseen">{t('job {id}', { id: job.id })}</span>
        </Button>
      )}
      {open && (
        <Button size="small" busy={act.isPending} onClick={() => act.mutate('cancel')}>
          {t('Cancel')}
          <span className="unseen">{t('job {id}', { id: job.id })}</span>
        </Button>
      )}
    </div>
  );
}

function Jobs({ jobs }: { jobs: Job[] }) {
  return (
    <Table<Job>
      label={t('Jobs')}
      rows={jobs}
      rowKey={(job) => job.id}
      columns={[
        { key: 'id', title: t('Job'), cell: (job) => job.id, sort: (job) => job.id },
        {
          key: 'kind',
          title: t('Kind'),
          cell: (job) => <code>{job.kind}</code>,
          sort: (job) => job.kind,
        },
        {
          key: 'state',
          title: t('State'),
          cell: (job) =>
            job.state === 'processing' && job.progress !== undefined ? (
              <Progress label={stateWords(job.state)} done={job.progress} total={1} />
            ) : (
              <Badge tone={tones[job.state]}>{stateWords(job.state)}</Badge>
            ),
        },
        {
          key: 'attempts',
          title: t('Attempts'),
          end: true,
          cell: (job) => (job.maxAttempts ? `${job.attempts}/${job.maxAttempts}` : job.attempts),
          sort: (job) => job.attempts,
        },
        {
          key: 'made',
          title: t('Made'),
          cell: (job) => <Time at={job.createdAt} />,
          sort: (job) => job.createdAt,
        },
        {
          key: 'detail',
          title: t('What it says'),
          cell: (job) =>
            job.error ? (
              <div className={styles.error}>{job.error}</div>
            ) : job.state === 'pending' && job.runAt ? (
              <>
                {job.detail} {t('runs')} <Time at={job.runAt} />
              </>
            ) : (
              job.detail
            ),
        },
        {
          key: 'actions',
          title: <span className="unseen">{t('Actions')}</span>,
          end: true,
          cell: (job) => <JobActions job={job} />,
        },
      ]}
    />
  );
}

export function JobsPart() {
  const search = useSearch({ from: '/members/administration/{-$part}' });
  const navigate = useNavigate();
  const state = states.find((one) => one === search.state) ?? '';
  const kind = search.kind ?? '';
  const { cursor, page, next, previous, start } = useCursors();
  useEffect(() => start(), [state, kind]); // eslint-disable-line react-hooks/exhaustive-deps
  const found = useQuery(jobsQuery(state, kind, cursor));
  useNews('jobs', ['admin', 'jobs']);
  const kinds = useQuery(jobSummaryQuery).data?.kinds ?? [];
  return (
    <section className={styles.section}>
      <Summary state={state} />
      <div className={styles.bar}>
        <div>
          <SelectField
            label={t('Kind')}
            value={kind}
            onChange={(event) =>
              void navigate({
                to: '/administration/{-$part}',
                params: { part: 'jobs' },
                search: { state: state || undefined, kind: event.target.value || undefined },
              })
            }
            options={[
              { value: '', label: t('All kinds') },
              ...kinds.map((one) => ({ value: one.kind, label: one.kind })),
            ]}
          />
        </div>
      </div>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="12rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="check" title={t('No such jobs')}>
          {t('Work that runs in the background shows up here while it waits, runs and ends.')}
        </Empty>
      ) : (
        <>
          <Jobs jobs={found.data.items} />
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
