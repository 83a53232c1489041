import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { forgetUpload, uploadAddress, uploadsQuery } from '../../api/files';
import type { Body } from '../../api/shapes';
import { bytes } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { Progress } from '../../ui/progress';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import { useTransfers } from '../../uploads/transfers';
import styles from './upload.module.css';

type UploadRow = Body<'UploadRow'>;

/** Those belong to posts. */
const picture = /\.(png|jpe?g|webp|gif|avif|mp4|webm)$/i;

interface UnfinishedProps {
  onFile: (upload: UploadRow & { address: string }, file: File) => void;
}

/** Uploads that the server keeps and this browser does not know: begun elsewhere or forgotten. */
export function Unfinished({ onFile }: UnfinishedProps) {
  const queries = useQueryClient();
  const found = useQuery({ ...uploadsQuery, staleTime: 0 }).data?.items ?? [];
  const here = new Set(
    useTransfers().map((one) => one.address && new URL(one.address, location.href).pathname),
  );
  const forget = useMutation({
    mutationFn: forgetUpload,
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: uploadsQuery.queryKey }),
  });
  const uploads = found.filter(
    (one) => !here.has(uploadAddress(one.token)) && !picture.test(one.name),
  );
  if (uploads.length === 0) return null;
  return (
    <section className={styles.files} aria-label={t('Unfinished uploads')}>
      <h2>{t('Unfinished uploads')}</h2>
      {uploads.map((upload) => (
        <div key={upload.id} className={styles.file}>
          <div className={styles.fileHead}>
            <Icon name="file" size={24} />
            <div>
              <strong>{upload.name}</strong>
              <small>
                {t('forgotten')} <Time at={upload.expiresAt} />
              </small>
            </div>
            <div className={styles.buttons}>
              <Button
                size="small"
                variant="ghost"
                icon="cross"
                aria-label={t('Cancel {name}', { name: upload.name })}
                busy={forget.isPending && forget.variables === upload.token}
                onClick={() => forget.mutate(upload.token)}
              />
            </div>
          </div>
          <Progress
            label={t('Stopped')}
            done={upload.received}
            total={upload.bytes}
            aside={t('{sent} of {size}', {
              sent: bytes(upload.received),
              size: bytes(upload.bytes),
            })}
            tone="quiet"
          />
          <label className={styles.suggestion}>
            {t('Choose the same file again to go on where it stopped.')}
            <input
              type="file"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (!file) return;
                if (file.name !== upload.name || file.size !== upload.bytes) {
                  say(t('That is another file: name or size differ.'), { bad: true });
                  return;
                }
                onFile({ ...upload, address: uploadAddress(upload.token) }, file);
              }}
            />
          </label>
        </div>
      ))}
    </section>
  );
}
