import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { downloadAddress, fileQuery } from '../../api/files';
import type { FileCard, FileRow } from '../../api/shapes';
import { bytes, compact, number } from '../../text/format';
import { t } from '../../text/words';
import { VerdictBadge, isDangerous } from '../../ui/badge';
import { Button, ButtonAnchor } from '../../ui/button';
import { HashList } from '../../ui/hash-list';
import { Icon } from '../../ui/icon';
import { Bone, Failure } from '../../ui/state';
import { formatWords } from '../models/words';
import { Findings } from './findings';
import { TensorBrowser } from './tensors';
import styles from './model.module.css';

function FileFacts({ file }: { file: FileRow }) {
  const facts = file.inspection;
  const size = t('{size} ({count} bytes)', { size: bytes(file.bytes), count: number(file.bytes) });
  const rows: [string, string | undefined][] = [
    [t('Format'), formatWords(file.format)],
    [t('Precision'), facts?.quantType || facts?.precision],
    [t('Parameters'), facts?.parameters ? compact(facts.parameters) : undefined],
    [t('Tensors'), facts?.tensors ? number(facts.tensors) : undefined],
    [t('Size'), size],
  ];
  return (
    <dl className={styles.facts}>
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name} className={styles.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Metadata({ entries }: { entries: { key: string; value: string }[] }) {
  if (entries.length === 0) return null;
  return (
    <details className={styles.more}>
      <summary>
        {t('Embedded metadata ({count, plural, one {# entry} other {# entries}})', {
          count: entries.length,
        })}
      </summary>
      <dl className={styles.metadata}>
        {entries.map(({ key, value }) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** The inside of a file's panel; asked for when the panel is first opened. */
function Inside({ id }: { id: number }) {
  const found = useQuery(fileQuery(id));
  const [tensors, showTensors] = useState(false);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const file = found.data;
  if (!file) return <Bone height="10rem" />;
  const facts = file.inspection;
  return (
    <>
      {facts && <Findings facts={facts} />}
      <FileFacts file={file} />
      {file.hashes && <HashList hashes={file.hashes} />}
      {facts && <Metadata entries={facts.metadata} />}
      {facts && facts.tensors > 0 && !tensors && (
        <div>
          <Button size="small" icon="layers" onClick={() => showTensors(true)}>
            {t('Browse tensors')}
          </Button>
        </div>
      )}
      {tensors && <TensorBrowser fileId={id} />}
    </>
  );
}

interface FilePanelProps {
  file: FileCard;
  versionId: number;
  open: boolean;
}

export function FilePanel({ file, versionId, open }: FilePanelProps) {
  const [opened, setOpened] = useState(open);
  const risky = isDangerous(file.verdict);
  return (
    <details
      className={styles.file}
      open={open}
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary>
        <Icon name="file" size={22} />
        <span>
          <span className={styles.fileName}>{file.name}</span>
          <br />
          <span className={styles.fileNote}>
            {file.type} · {bytes(file.bytes)}
            {file.primary && ` · ${t('main file')}`}
          </span>
        </span>
        <VerdictBadge verdict={file.verdict} />
        <Icon name="down" />
      </summary>
      <div className={styles.fileBody}>
        <div>
          <ButtonAnchor
            href={downloadAddress(versionId, file.id)}
            icon="download"
            size="small"
            variant={risky ? 'danger' : 'soft'}
          >
            {risky ? t('Download anyway') : t('Download')}
          </ButtonAnchor>
        </div>
        {opened && <Inside id={file.id} />}
      </div>
    </details>
  );
}
