import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { backends, detectedBackendsQuery } from '../../../api/generation';
import type { DetectedBackend } from '../../../api/generation';
import { protocolWords } from '../../../text/backends';
import { t } from '../../../text/words';
import { Button } from '../../../ui/button';
import { Bone, Failure } from '../../../ui/state';
import { say } from '../../../ui/toast';
import parts from '../administration.module.css';
import styles from './backends.module.css';

function Row({ found }: { found: DetectedBackend }) {
  const queries = useQueryClient();
  const { protocol, url, title } = found;
  const add = useMutation({
    mutationFn: () => backends.add({ name: title.slice(0, 100), protocol, url }),
    onSuccess: () => say(t('{name} was added', { name: title })),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'backends'] }),
  });
  return (
    <li>
      <div>
        <strong>{title}</strong>
        <span className={styles.quiet}>{url || protocolWords(protocol)}</span>
      </div>
      <Button icon="plus" busy={add.isPending} onClick={() => add.mutate()}>
        {t('Add')}
        <span className="unseen">{title}</span>
      </Button>
    </li>
  );
}

/** Programs that answer on their usual ports of the server's own machine. */
export function Detected() {
  const found = useQuery(detectedBackendsQuery);
  const fresh = found.data?.items.filter((one) => !one.known) ?? [];
  return (
    <section className={parts.card} aria-label={t('On this machine')}>
      <div className={parts.cardHead}>
        <h2>{t('On this machine')}</h2>
        <Button
          size="small"
          icon="retry"
          busy={found.isFetching}
          onClick={() => void found.refetch()}
        >
          {t('Scan again')}
        </Button>
      </div>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="3rem" />
      ) : fresh.length === 0 ? (
        <p className={styles.quiet}>
          {t(
            'Nothing new was found on the usual ports of this machine: 8188 and 8000 for ComfyUI, 7860 and 1234 for A1111-style programs.',
          )}
        </p>
      ) : (
        <ul className={styles.found}>
          {fresh.map((one) => (
            <Row key={`${one.protocol} ${one.url}`} found={one} />
          ))}
        </ul>
      )}
    </section>
  );
}
