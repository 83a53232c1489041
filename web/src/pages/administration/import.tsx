import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, importsQuery } from '../../api/administration';
import type { Import } from '../../api/shapes';
import { bytes, number } from '../../text/format';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Check, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Progress } from '../../ui/progress';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import styles from './administration.module.css';

function stateWords(state: Import['state']): string {
  switch (state) {
    case 'scanning':
      return t('Reading folders');
    case 'hashing':
      return t('Hashing');
    case 'done':
      return t('Done');
    case 'cancelled':
      return t('Cancelled');
    default:
      return t('Failed');
  }
}

function ImportCard({ one }: { one: Import }) {
  const facts = [
    t('{count} files seen', { count: number(one.scanned) }),
    t('{count} added', { count: number(one.added) }),
    t('{count} already known', { count: number(one.skipped) }),
    t('{count} hashed', { count: number(one.hashed) }),
    one.failed ? t('{count} could not be read', { count: number(one.failed) }) : null,
  ].filter(Boolean);
  const tone = one.state === 'done' ? 'success' : one.state === 'failed' ? 'danger' : undefined;
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <code>{one.path}</code>
        <Badge tone={tone}>{stateWords(one.state)}</Badge>
      </div>
      {!one.finishedAt && (
        <Progress
          label={stateWords(one.state)}
          done={one.bytesDone}
          total={one.state === 'hashing' ? one.bytesTotal : undefined}
          aside={
            one.state === 'hashing'
              ? t('{done} of {total}', { done: bytes(one.bytesDone), total: bytes(one.bytesTotal) })
              : t('{count} files', { count: number(one.scanned) })
          }
        />
      )}
      {one.error && <Notice tone="danger">{one.error}</Notice>}
      <div className={styles.facts}>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        <span>
          {t('started')} <Time at={one.startedAt} />
        </span>
      </div>
    </li>
  );
}

/** Takes over a models folder where it stands; nothing is copied or moved. */
export function ImportPart() {
  const queries = useQueryClient();
  const [path, setPath] = useState('');
  const [draft, setDraft] = useState(false);
  const found = useQuery(importsQuery);
  const form = useForm(
    ['path'],
    () => administration.startImport(path.trim(), draft),
    async () => {
      setPath('');
      await queries.invalidateQueries({ queryKey: importsQuery.queryKey });
    },
  );
  return (
    <section className={styles.section}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          form.submit();
        }}
      >
        {form.rest && (
          <Notice tone="danger" alert>
            {form.rest}
          </Notice>
        )}
        <TextField
          label={t('Folder on the server')}
          required
          spellCheck={false}
          placeholder="/srv/ComfyUI/models"
          value={path}
          onChange={(event) => setPath(event.target.value)}
          error={form.error('path')}
          hint={t(
            'A ComfyUI or A1111 tree, or an extra_model_paths.yaml. The files stay where they are; sidecar files are read too.',
          )}
        />
        <Check
          checked={draft}
          onChange={(event) => setDraft(event.target.checked)}
          label={t('Keep them as drafts')}
          hint={t('Otherwise members see them as soon as they are read.')}
        />
        <div>
          <Button type="submit" variant="solid" icon="folder" busy={form.busy}>
            {t('Import')}
          </Button>
        </div>
      </form>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="8rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="folder" title={t('Nothing imported yet')}>
          {t('Progress is shown here, and an import goes on when you leave the page.')}
        </Empty>
      ) : (
        <ul className={styles.section}>
          {found.data.items.map((one) => (
            <ImportCard key={one.id} one={one} />
          ))}
        </ul>
      )}
    </section>
  );
}
