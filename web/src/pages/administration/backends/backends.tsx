import { useQuery } from '@tanstack/react-query';
import { backendLoadQuery, backendsQuery } from '../../../api/generation';
import type { Backend } from '../../../api/generation';
import { useNews } from '../../../api/live';
import { number } from '../../../text/format';
import { t } from '../../../text/words';
import { Bone, Empty, Failure, Notice } from '../../../ui/state';
import parts from '../administration.module.css';
import { AddByAddress } from './add';
import { BackendCard } from './card';
import { Detected } from './detected';
import styles from './backends.module.css';

/** The server counts no further (BackendList). */
const queuedMax = 256;

function Counts({ items, queued }: { items: Backend[]; queued: number }) {
  const working = items.filter((one) => one.health === 'closed' && one.offer && !one.draining);
  const running = items.reduce((sum, one) => sum + one.running, 0);
  const counts = [
    { label: t('Accepting work'), value: `${number(working.length)} / ${number(items.length)}` },
    { label: t('Jobs running'), value: number(running) },
    {
      label: t('Waiting for a backend'),
      value: queued >= queuedMax ? `${number(queuedMax)}+` : number(queued),
    },
  ];
  return (
    <dl className={parts.counts}>
      {counts.map((one) => (
        <div key={one.label} className={styles.count}>
          <dt>{one.label}</dt>
          <dd>{one.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Advice({ items, queued }: { items: Backend[]; queued: number }) {
  const able = items.filter((one) => one.offer && !one.draining && one.health !== 'open');
  const unasked = items.some((one) => one.probedAt === undefined && !one.draining);
  if (items.length > 0 && able.length === 0 && !unasked) {
    return (
      <Notice tone="warning" title={t('No backend is accepting work')}>
        {queued > 0
          ? t('What was asked for waits, and begins when a backend works again.')
          : t('Requests wait until a backend is available again.')}
      </Notice>
    );
  }
  if (able.length > 0 && able.every((one) => !one.offer?.isModel)) {
    return (
      <Notice title={t('No AI model is connected yet')}>
        {t(
          'The built-in painter draws simple pictures, so that everything can be tried. Connect a program such as ComfyUI below.',
        )}
      </Notice>
    );
  }
  return null;
}

/** The programs that make pictures: how they are, what they can, who gets new work. */
export function BackendsPart() {
  const found = useQuery(backendsQuery);
  const loads = useQuery(backendLoadQuery).data;
  useNews('jobs', ['admin', 'backends', 'list'], 'generation.');
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="16rem" />;
  const { items, queued } = found.data;
  return (
    <section className={parts.section}>
      <Counts items={items} queued={queued} />
      <Advice items={items} queued={queued} />
      {items.length === 0 && (
        <Empty icon="screen" title={t('No backends')}>
          {t('Nothing here can make pictures. Add one of the programs below.')}
        </Empty>
      )}
      {items.map((one) => (
        <BackendCard
          key={one.id}
          backend={one}
          at={loads?.at}
          load={loads?.items.find((load) => load.id === one.id)}
        />
      ))}
      <div className={styles.adding}>
        <Detected />
        <AddByAddress />
      </div>
    </section>
  );
}
