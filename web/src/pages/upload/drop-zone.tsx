import { useState } from 'react';
import { t } from '../../text/words';
import { Icon } from '../../ui/icon';
import styles from './upload.module.css';

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  small?: boolean;
}

/** A file field over the whole area: dropping, clicking and the keyboard all reach it. */
export function DropZone({ onFiles, small }: DropZoneProps) {
  const [over, setOver] = useState(false);
  return (
    <label
      className={styles.drop}
      data-over={over}
      data-small={small}
      onDragEnter={() => setOver(true)}
      onDragLeave={() => setOver(false)}
      onDrop={() => setOver(false)}
    >
      {!small && <Icon name="upload" size={32} />}
      <strong>{small ? t('Add another file') : t('Drop your model files here')}</strong>
      {!small && (
        <span>
          {t('or choose them: .safetensors, .gguf, .ckpt, .pt, .bin, .zip and others, of any size')}
        </span>
      )}
      <input
        type="file"
        multiple
        aria-label={small ? t('Add another file') : t('Choose model files')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
