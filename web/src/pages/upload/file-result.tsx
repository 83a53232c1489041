import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fileQuery, files } from '../../api/files';
import { bytes } from '../../text/format';
import { t } from '../../text/words';
import { VerdictBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { HashList } from '../../ui/hash-list';
import { Icon } from '../../ui/icon';
import { Progress } from '../../ui/progress';
import { Failure } from '../../ui/state';
import { say } from '../../ui/toast';
import { InspectionView } from '../model/file-panel';
import styles from './upload.module.css';

interface FileResultProps {
  id: number;
  modelId: number;
}

/** A file that has arrived: its inspection as it happens, then what was found. */
export function FileResult({ id, modelId }: FileResultProps) {
  const queries = useQueryClient();
  const found = useQuery(fileQuery(id));
  const [hashes, showHashes] = useState(false);
  const state = found.data?.inspection.state;
  useEffect(() => {
    if (state === 'done') void queries.invalidateQueries({ queryKey: ['model', modelId] });
  }, [state, modelId, queries]);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const file = found.data;
  if (!file) return null;
  const busy = state === 'pending' || state === 'running';

  async function remove() {
    try {
      await files.remove(id);
      await queries.invalidateQueries({ queryKey: ['model', modelId] });
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
          <small>
            {bytes(file.sizeBytes)}
            {file.inspection.format && ` · ${file.inspection.format}`}
            {file.inspection.precision && ` · ${file.inspection.precision}`}
          </small>
        </div>
        {!busy && <VerdictBadge verdict={file.inspection.verdict} />}
        <Button
          size="small"
          variant="ghost"
          icon="trash"
          aria-label={t('Remove {name}', { name: file.name })}
          onClick={() => void remove()}
        />
      </div>
      {busy && <Progress label={t('Reading the header, hashing, inspecting')} />}
      {!busy && <InspectionView inspection={file.inspection} />}
      {!busy && (
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
