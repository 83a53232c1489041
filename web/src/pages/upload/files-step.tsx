import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { models } from '../../api/models';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { t } from '../../text/words';
import { DropZone } from '../../ui/drop-zone';
import { say } from '../../ui/toast';
import { adopt, cancel, matches, pause, resume, send } from '../../uploads/send';
import type { Destination } from '../../uploads/send';
import { forVersion, useTransfers } from '../../uploads/transfers';
import { FileResult } from './file-result';
import { Unfinished } from './unfinished';
import { TransferRow } from './transfer-row';
import styles from './upload.module.css';

interface FilesStepProps {
  model?: ModelCard;
  version?: VersionCard;
  begin: (file: File) => Promise<{ modelId: number; versionId: number }>;
}

export function FilesStep({ model, version, begin }: FilesStepProps) {
  const queries = useQueryClient();
  const starting = useRef(false);
  const present = version?.files ?? [];
  const transfers = useTransfers().filter(forVersion(version?.id));

  const destination = (modelId: number, versionId: number): Destination => ({
    place: { kind: 'version', modelId, versionId },
    attach: async (upload) => {
      await models.attach(versionId, upload);
      await queries.invalidateQueries({ queryKey: ['model', modelId] });
    },
  });

  async function add(chosen: File[]) {
    const [first] = chosen;
    if (!first || starting.current) return;
    starting.current = true;
    try {
      const { modelId, versionId } = await begin(first);
      for (const file of chosen) send(file, destination(modelId, versionId));
    } catch (error) {
      say((error as Error).message, { bad: true });
    } finally {
      starting.current = false;
    }
  }

  async function goOn(upload: Parameters<typeof adopt>[0], file: File) {
    try {
      const { modelId, versionId } = await begin(file);
      adopt(upload, file, destination(modelId, versionId));
    } catch (error) {
      say((error as Error).message, { bad: true });
    }
  }

  const any = transfers.length + present.length > 0;
  return (
    <div className={styles.files}>
      {!any && (
        <DropZone
          multiple
          label={t('Choose model files')}
          title={t('Drop your model files here')}
          hint={t(
            'or choose them: .safetensors, .gguf, .ckpt, .pt, .bin, .zip and others, of any size',
          )}
          onFiles={(chosen) => void add(chosen)}
        />
      )}
      {present.map((file) => (
        <FileResult
          key={file.id}
          id={file.id}
          modelId={model?.id ?? 0}
          versionId={version?.id ?? 0}
        />
      ))}
      {transfers.map((transfer) => (
        <TransferRow
          key={transfer.key}
          transfer={transfer}
          onPause={() => pause(transfer.key)}
          onCancel={() => void cancel(transfer.key)}
          onResume={(file) => {
            if (file && !matches(transfer.key, file)) {
              say(t('That is another file: name or size differ.'), { bad: true });
              return;
            }
            if (model && version) resume(transfer.key, destination(model.id, version.id), file);
          }}
        />
      ))}
      <Unfinished onFile={(upload, file) => void goOn(upload, file)} />
      {any && (
        <DropZone
          multiple
          small
          label={t('Add another file')}
          title={t('Add another file')}
          onFiles={(chosen) => void add(chosen)}
        />
      )}
    </div>
  );
}
