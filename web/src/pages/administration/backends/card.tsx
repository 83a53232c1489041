import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { backends } from '../../../api/generation';
import type { Backend, BackendLoad } from '../../../api/generation';
import { healthWords, pace, protocolWords } from '../../../text/backends';
import { duration, number } from '../../../text/format';
import { t } from '../../../text/words';
import { Badge } from '../../../ui/badge';
import { Button } from '../../../ui/button';
import { Chart } from '../../../ui/chart';
import { Notice } from '../../../ui/state';
import { Table } from '../../../ui/table';
import { Time } from '../../../ui/time';
import { say } from '../../../ui/toast';
import parts from '../administration.module.css';
import { Editing } from './edit';
import { OfferView } from './offer';
import { Removing } from './remove';
import styles from './backends.module.css';

const tones = { closed: 'success', half_open: 'warning', open: 'danger' } as const;

function Standing({ backend }: { backend: Backend }) {
  const { health, draining, running, offer, probedAt } = backend;
  return (
    <div className={styles.badges}>
      {offer && !offer.isModel && <Badge>{t('No AI model')}</Badge>}
      {draining && (
        <Badge tone="warning" icon="pause">
          {running > 0
            ? t('Draining, {count, number} still running', { count: running })
            : t('Drained')}
        </Badge>
      )}
      {probedAt === undefined ? (
        <Badge icon="clock">{t('Not checked yet')}</Badge>
      ) : (
        <Badge tone={tones[health]} icon={health === 'closed' ? 'check' : 'warning'}>
          {healthWords(health)}
        </Badge>
      )}
    </div>
  );
}

/** Why it gets no work, as the breaker and its last answer tell. */
function Trouble({ backend }: { backend: Backend }) {
  const { health, problem, failures, retryAt } = backend;
  if (health === 'closed' && !problem) return null;
  return (
    <Notice
      tone={health === 'open' ? 'danger' : 'warning'}
      title={
        health === 'open'
          ? t('It gets no work for now')
          : health === 'half_open'
            ? t('One job will show whether it works again')
            : undefined
      }
    >
      {problem}{' '}
      {failures > 1 &&
        t('{count, plural, one {# failure} other {# failures}} one after another.', {
          count: failures,
        })}{' '}
      {health === 'open' && retryAt && (
        <>
          {t('It is tried again by itself')} <Time at={retryAt} />.
        </>
      )}
    </Notice>
  );
}

function Facts({ backend }: { backend: Backend }) {
  const { protocol, url, offer, resident, running, busyS, probedAt, hasToken } = backend;
  const rows: [string, React.ReactNode][] = [
    [t('Kind'), protocolWords(protocol)],
    [t('Address'), url],
    [t('Token'), hasToken ? t('Given, and kept secret') : ''],
    [t('Reports as'), offer?.title ?? ''],
    [t('Models'), offer ? number(offer.models.length) : ''],
    [t('Used last'), resident],
    [
      t('Working on'),
      running === 0
        ? t('Nothing')
        : busyS > 0
          ? t('{count, plural, one {# job} other {# jobs}}, next free in {time}', {
              count: running,
              time: duration(busyS),
            })
          : t('{count, plural, one {# job} other {# jobs}}, taking longer than estimated', {
              count: running,
            }),
    ],
    [t('Last checked'), probedAt ? <Time at={probedAt} /> : ''],
  ];
  return (
    <dl className={styles.facts}>
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface LoadProps {
  backend: Backend;
  at: string[] | undefined;
  load: BackendLoad | undefined;
}

function LoadView({ backend, at, load }: LoadProps) {
  const slots = backend.offer?.slots ?? 1;
  const series = useMemo(
    () => [
      {
        label: t('Busy, in percent'),
        colour: '--chart-1',
        values: load?.busy.map((part) => Math.round((100 * part) / slots)) ?? [],
      },
    ],
    [load, slots],
  );
  if (!at) return null;
  if (!load) return <p className={styles.quiet}>{t('Idle for the last hour.')}</p>;
  return (
    <div>
      <Chart
        label={t('How busy {name} was in the last hour', { name: backend.name })}
        at={at}
        series={series}
        height={120}
        top={100}
      />
      <p className={styles.quiet}>
        {t('{done, number} done and {failed, number} failed in the last hour', {
          done: load.succeeded,
          failed: load.failed,
        })}
      </p>
    </div>
  );
}

/** The class counts doublings: the pictures have up to 2^class pixels. */
const megapixels = (sizeClass: number) => number(Number((2 ** sizeClass / 1e6).toPrecision(2)));

function Speeds({ backend }: { backend: Backend }) {
  return (
    <Table
      label={t('Speed of {name}', { name: backend.name })}
      rows={backend.speeds}
      rowKey={(row) => `${row.sizeClass} ${row.model}`}
      columns={[
        {
          key: 'model',
          title: t('Model'),
          cell: (row) => row.model || t('Any model'),
          sort: (row) => row.model,
        },
        {
          key: 'work',
          title: t('Work'),
          cell: (row) =>
            row.sizeClass < 0
              ? t('Loading the model')
              : t('Pictures up to {count} megapixels', { count: megapixels(row.sizeClass) }),
          sort: (row) => row.sizeClass,
        },
        {
          key: 'pace',
          title: t('Takes'),
          end: true,
          cell: (row) =>
            row.sizeClass < 0
              ? pace(row.milliseconds)
              : t('{time} per megapixel and step', { time: pace(row.milliseconds) }),
          sort: (row) => row.milliseconds,
        },
        {
          key: 'samples',
          title: t('Measured'),
          end: true,
          cell: (row) =>
            t('{count, plural, one {once} other {# times}}', { count: row.samples }),
          sort: (row) => row.samples,
        },
      ]}
    />
  );
}

/** Everything that is learnt of one backend, and what can be done with it. */
export function BackendCard({ backend, at, load }: LoadProps) {
  const queries = useQueryClient();
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  const { id, name, draining, offer, speeds } = backend;
  const act = useMutation({
    mutationFn: (work: 'probe' | 'drain' | 'resume') => backends[work](id),
    onSuccess: (row, work) => {
      if (work !== 'probe') return;
      if (row.problem) say(row.problem, { bad: true });
      else say(t('{name} is online', { name }));
    },
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'backends'] }),
  });
  const busy = (work: string) => act.isPending && act.variables === work;
  const of = <span className="unseen">{name}</span>;
  return (
    <section className={parts.card} aria-label={name}>
      <div className={parts.cardHead}>
        <h2>{name}</h2>
        <Standing backend={backend} />
      </div>
      <Trouble backend={backend} />
      <div className={styles.body}>
        <Facts backend={backend} />
        <LoadView backend={backend} at={at} load={load} />
      </div>
      {offer && (
        <details className={styles.more}>
          <summary>
            {t('What it offers')} {of}
          </summary>
          <OfferView offer={offer} />
        </details>
      )}
      {speeds.length > 0 && (
        <details className={styles.more}>
          <summary>
            {t('How fast it is')} {of}
          </summary>
          <Speeds backend={backend} />
        </details>
      )}
      <div className={styles.foot}>
        <Button size="small" icon="retry" busy={busy('probe')} onClick={() => act.mutate('probe')}>
          {t('Check again')}
          {of}
        </Button>
        {draining ? (
          <Button
            size="small"
            icon="play"
            busy={busy('resume')}
            onClick={() => act.mutate('resume')}
          >
            {t('Resume')}
            {of}
          </Button>
        ) : (
          <Button
            size="small"
            icon="pause"
            busy={busy('drain')}
            onClick={() => act.mutate('drain')}
          >
            {t('Drain')}
            {of}
          </Button>
        )}
        <Button size="small" icon="edit" onClick={() => setOpen('edit')}>
          {t('Edit')}
          {of}
        </Button>
        <Button size="small" icon="trash" onClick={() => setOpen('remove')}>
          {t('Remove')}
          {of}
        </Button>
      </div>
      {open === 'edit' && <Editing backend={backend} onClose={() => setOpen(null)} />}
      {open === 'remove' && (
        <Removing
          backend={backend}
          onDrain={() => act.mutate('drain')}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
