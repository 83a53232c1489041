import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, importsQuery, jobQuery } from '../../api/administration';
import { useNews } from '../../api/live';
import type { ImportRow } from '../../api/shapes';
import { bytes, number } from '../../text/format';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Check, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Form } from '../../ui/form-parts';
import { Progress } from '../../ui/progress';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import styles from './administration.module.css';

function stateWords(state: string): string {
  switch (state) {
    case 'running':
      return t('Reading folders');
    case 'completed':
      return t('Done');
    default:
      return t('Failed');
  }
}

/** How far a running import is, as its job says. */
function Running({ job }: { job: number }) {
  const found = useQuery(jobQuery(job)).data;
  useNews(`jobs:${job}`, jobQuery(job).queryKey);
  const progress = found?.progress;
  return (
    <Progress
      label={found?.state === 'pending' ? t('Waiting for its turn') : t('Taking models in')}
      done={progress ?? 0}
      total={progress === undefined ? undefined : 1}
    />
  );
}

function ImportCard({ one }: { one: ImportRow }) {
  const facts = [
    t('{count} model files found', { count: number(one.found) }),
    t('{count} added', { count: number(one.added) }),
    t('{count} known before', { count: number(one.known) }),
    bytes(one.bytes),
  ];
  const tone =
    one.state === 'completed' ? 'success' : one.state === 'failed' ? 'danger' : undefined;
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <code>{one.path}</code>
        <Badge tone={tone}>{stateWords(one.state)}</Badge>
      </div>
      {one.state === 'running' && one.job !== undefined && <Running job={one.job} />}
      {one.problem && <Notice tone="danger">{one.problem}</Notice>}
      <div className={styles.facts}>
        {one.state !== 'running' && facts.map((fact) => <span key={fact}>{fact}</span>)}
        <span>
          {t('started')} <Time at={one.startedAt} />
        </span>
        {one.draft && <span>{t('as drafts')}</span>}
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
  useNews('jobs', importsQuery.queryKey, 'imports.');
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
      <Form form={form} className={styles.form}>
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
      </Form>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="8rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="folder" title={t('Nothing imported yet')}>
          {t('An import goes on when you leave the page. Its files are hashed by jobs afterwards.')}
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
