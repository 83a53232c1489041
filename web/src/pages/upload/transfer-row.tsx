import { bytes, duration } from '../../text/format';
import { t } from '../../text/words';
import type { Transfer } from '../../uploads/transfers';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { Progress } from '../../ui/progress';
import { Notice } from '../../ui/state';
import styles from './upload.module.css';

function words(transfer: Transfer): string {
  switch (transfer.state) {
    case 'sending':
      return t('Uploading');
    case 'paused':
      return t('Paused');
    case 'retrying':
      return t('Connection lost, trying again');
    case 'orphaned':
      return t('Stopped when the page was closed');
    case 'finishing':
      return t('All there, adding it to the version');
    default:
      return t('Stopped');
  }
}

function aside({ sent, size, speed }: Transfer): string {
  const amount = t('{sent} of {size}', { sent: bytes(sent), size: bytes(size) });
  if (speed <= 0) return amount;
  return t('{amount} · {speed}/s · {left} left', {
    amount,
    speed: bytes(speed),
    left: duration((size - sent) / speed),
  });
}

interface TransferRowProps {
  transfer: Transfer;
  onPause: () => void;
  onResume: (file?: File) => void;
  onCancel: () => void;
}

/** One upload under way. */
export function TransferRow({ transfer, onPause, onResume, onCancel }: TransferRowProps) {
  const { state, name } = transfer;
  const tone = {
    failed: 'danger',
    paused: 'quiet',
    orphaned: 'quiet',
    finishing: 'success',
  } as const;
  return (
    <div className={styles.file}>
      <div className={styles.fileHead}>
        <Icon name="file" size={24} />
        <div>
          <strong>{name}</strong>
        </div>
        <div className={styles.buttons}>
          {(state === 'sending' || state === 'retrying') && (
            <Button
              size="small"
              icon="pause"
              aria-label={t('Pause {name}', { name })}
              onClick={onPause}
            />
          )}
          {(state === 'paused' || state === 'failed') && (
            <Button
              size="small"
              icon={state === 'failed' ? 'retry' : 'play'}
              aria-label={t('Resume {name}', { name })}
              onClick={() => onResume()}
            />
          )}
          {state !== 'finishing' && (
            <Button
              size="small"
              variant="ghost"
              icon="cross"
              aria-label={t('Cancel {name}', { name })}
              onClick={onCancel}
            />
          )}
        </div>
      </div>
      <Progress
        label={words(transfer)}
        done={transfer.sent}
        total={transfer.size}
        aside={aside(transfer)}
        tone={tone[state as keyof typeof tone]}
      />
      {transfer.error && state !== 'sending' && (
        <Notice tone={state === 'failed' ? 'danger' : 'warning'}>
          {transfer.error} {t('What has arrived is kept.')}
        </Notice>
      )}
      {state === 'orphaned' && (
        <Notice>
          <label className={styles.suggestion}>
            {t('Choose the same file again to go on where it stopped.')}
            <input
              type="file"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) onResume(file);
              }}
            />
          </label>
        </Notice>
      )}
    </div>
  );
}
