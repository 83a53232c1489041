import type { Hashes } from '../api/shapes';
import { t } from '../text/words';
import { Button } from './button';
import { copy } from './copy';
import styles from './hash-list.module.css';

const kinds: [keyof Hashes, string][] = [
  ['SHA256', 'SHA-256'],
  ['AutoV2', 'AutoV2'],
  ['AutoV1', 'AutoV1'],
  ['AutoV3', 'AutoV3'],
  ['BLAKE3', 'BLAKE3'],
  ['CRC32', 'CRC32'],
];

/** The six hashes of a file, each with a button to copy it. */
export function HashList({ hashes }: { hashes: Partial<Hashes> }) {
  return (
    <div className={styles.list} role="list" aria-label={t('Hashes')}>
      {kinds.map(([kind, name]) => {
        const value = hashes[kind];
        return (
          <div key={kind} className={styles.row} role="listitem">
            <span className={styles.name}>{name}</span>
            {value ? (
              <code className={styles.value} title={value}>
                {value}
              </code>
            ) : (
              <span className={styles.absent}>{t('none for this file')}</span>
            )}
            {value ? (
              <Button
                variant="ghost"
                size="small"
                icon="copy"
                aria-label={t('Copy {name}', { name })}
                onClick={() => copy(value, name)}
              />
            ) : (
              <span />
            )}
          </div>
        );
      })}
    </div>
  );
}
