import { useState } from 'react';
import type { InputHTMLAttributes } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon';
import styles from './drop-zone.module.css';

interface DropZoneProps extends Pick<InputHTMLAttributes<HTMLInputElement>, 'accept' | 'multiple'> {
  /** The field's name for those who do not see the area. */
  label: string;
  title: string;
  hint?: string;
  icon?: IconName;
  small?: boolean;
  onFiles: (files: File[]) => void;
}

/** A file field over the whole area: dropping, clicking and the keyboard all reach it. */
export function DropZone(props: DropZoneProps) {
  const { label, title, hint, icon = 'upload', small, onFiles, ...field } = props;
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
      {!small && <Icon name={icon} size={32} />}
      <strong>{title}</strong>
      {hint && <span>{hint}</span>}
      <input
        {...field}
        type="file"
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
