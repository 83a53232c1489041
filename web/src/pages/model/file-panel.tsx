import { useState } from 'react';
import { downloadAddress } from '../../api/files';
import type { Inspection, ModelFile } from '../../api/shapes';
import { bytes, compact, number } from '../../text/format';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge, VerdictBadge } from '../../ui/badge';
import { Button, ButtonAnchor } from '../../ui/button';
import { HashList } from '../../ui/hash-list';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/state';
import { TensorBrowser } from './tensors';
import styles from './model.module.css';

/** What was read from the file itself: verdict, what it is, and where that disagrees. */
export function InspectionView({ inspection }: { inspection: Inspection }) {
  const { detected, reasons, verdict } = inspection;
  const bad = verdict === 'dangerous' || verdict === 'suspicious';
  return (
    <>
      {bad && (
        <Notice
          tone={verdict === 'dangerous' ? 'danger' : 'warning'}
          title={
            verdict === 'dangerous'
              ? t('Loading this file can run foreign code on your machine.')
              : t('This file asks for things a model does not need.')
          }
        >
          {t('It was read without being executed; these are the reasons:')}
        </Notice>
      )}
      {reasons.length > 0 && (
        <ul className={styles.reasons} aria-label={t('Reasons for the verdict')}>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {detected && (
        <div className={styles.block}>
          <h3>{t('What the tensors say')}</h3>
          <div className={styles.words}>
            {detected.type && <Badge icon="layers">{typeWords(detected.type)}</Badge>}
            {detected.baseModel && <Badge>{detected.baseModel}</Badge>}
            <Badge tone="accent">
              {t('{percent} % sure', { percent: Math.round(detected.confidence * 100) })}
            </Badge>
          </div>
          <ul className={styles.reasons} aria-label={t('Evidence')}>
            {detected.evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          {detected.conflicts.map((line) => (
            <Notice key={line} tone="warning">
              {line}
            </Notice>
          ))}
        </div>
      )}
    </>
  );
}

function FileFacts({ file }: { file: ModelFile }) {
  const { inspection } = file;
  const facts: [string, string | null | undefined][] = [
    [t('Format'), inspection.format],
    [t('Precision'), inspection.precision],
    [t('Parameters'), inspection.parameterCount ? compact(inspection.parameterCount) : null],
    [t('Tensors'), inspection.tensorCount ? number(inspection.tensorCount) : null],
    [
      t('Size'),
      t('{size} ({count} bytes)', { size: bytes(file.sizeBytes), count: number(file.sizeBytes) }),
    ],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function EmbeddedMetadata({ metadata }: { metadata: Record<string, string> }) {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return null;
  return (
    <details>
      <summary>
        {t('Embedded metadata ({count, plural, one {# entry} other {# entries}})', {
          count: entries.length,
        })}
      </summary>
      <dl className={styles.facts}>
        {entries.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt className={styles.mono}>{name}</dt>
            <dd className={styles.mono}>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface FilePanelProps {
  file: ModelFile;
  versionId: number;
  open: boolean;
}

export function FilePanel({ file, versionId, open }: FilePanelProps) {
  const [tensors, showTensors] = useState(false);
  const { inspection } = file;
  return (
    <details className={styles.file} open={open}>
      <summary>
        <Icon name="file" size={22} />
        <span>
          <span className={styles.fileName}>{file.name}</span>
          <br />
          <span className={styles.fileNote}>
            {file.type} · {bytes(file.sizeBytes)}
            {file.primary && ` · ${t('main file')}`}
          </span>
        </span>
        <VerdictBadge verdict={inspection.verdict} />
        <Icon name="down" />
      </summary>
      <div className={styles.fileBody}>
        <div className={styles.fileActions}>
          <ButtonAnchor
            href={downloadAddress(versionId, file.id)}
            icon="download"
            size="small"
            variant={inspection.verdict === 'dangerous' ? 'danger' : 'soft'}
          >
            {inspection.verdict === 'dangerous' ? t('Download anyway') : t('Download')}
          </ButtonAnchor>
          {inspection.tensorCount ? (
            <Button size="small" icon="layers" onClick={() => showTensors(true)}>
              {t('Browse tensors')}
            </Button>
          ) : null}
        </div>
        <InspectionView inspection={inspection} />
        <FileFacts file={file} />
        <HashList hashes={file.hashes} />
        {inspection.metadata && <EmbeddedMetadata metadata={inspection.metadata} />}
        {tensors && <TensorBrowser fileId={file.id} />}
      </div>
    </details>
  );
}
