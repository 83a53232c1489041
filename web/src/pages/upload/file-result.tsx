import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fileQuery } from '../../api/files';
import { models } from '../../api/models';
import { bytes } from '../../text/format';
import { t } from '../../text/words';
import { VerdictBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { HashList } from '../../ui/hash-list';
import { Icon } from '../../ui/icon';
import { Progress } from '../../ui/progress';
import { Failure } from '../../ui/state';
import { say } from '../../ui/toast';
import { Findings } from '../model/findings';
import { formatWords } from '../models/words';
import styles from './upload.module.css';

interface FileResultProps {
  id: number;
  modelId: number;
  versionId: number;
}

/** A file that has arrived: its inspection as it happens, then what was found. */
export function FileResult({ id, modelId, versionId }: FileResultProps) {
  const queries = useQueryClient();
  const found = useQuery(fileQuery(id));
  const [hashes, showHashes] = useState(false);
  const verdict = found.data?.verdict;
  const refresh = () => queries.invalidateQueries({ queryKey: ['model', modelId] });
  useEffect(() => {
    if (verdict && verdict !== 'pending') {
      void queries.invalidateQueries({ queryKey: ['model', modelId] });
    }
  }, [verdict, modelId, queries]);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const file = found.data;
  if (!file) return null;
  const busy = verdict === 'pending';
  const facts = [bytes(file.bytes), formatWords(file.format), file.inspection?.precision];

  async function remove() {
    try {
      await models.detach(versionId, id);
      await refresh();
    } catch (error) {
      say((error as Error).message, { bad: true });
    }
  }

  return (
    <div className={styles.file}>
      <div className={styles.fileHead}>
        <Icon name="file" size={24} />
        <div>
          <strong>{file.name}</strong>
          <small>{facts.filter(Boolean).join(' · ')}</small>
        </div>
        {!busy && <VerdictBadge verdict={file.verdict} />}
        <Button
          size="small"
          variant="ghost"
          icon="trash"
          aria-label={t('Remove {name}', { name: file.name })}
          onClick={() => void remove()}
        />
      </div>
      {busy && <Progress label={t('Reading the header, hashing, inspecting')} />}
      {file.inspection && <Findings level="h2" facts={file.inspection} />}
      {file.hashes && (
        <div>
          <Button
            size="small"
            variant="ghost"
            icon={hashes ? 'up' : 'down'}
            aria-expanded={hashes}
            onClick={() => showHashes(!hashes)}
          >
            {t('Hashes')}
          </Button>
          {hashes && <HashList hashes={file.hashes} />}
        </div>
      )}
    </div>
  );
}
