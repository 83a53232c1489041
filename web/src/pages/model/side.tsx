import { downloadAddress } from '../../api/files';
import { primaryFile } from '../../api/models';
import { useViewer } from '../../api/session';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { bytes, compact, number } from '../../text/format';
import { licenceSentences, typeWords } from '../../text/models';
import { generating } from '../../frame/generator';
import { t } from '../../text/words';
import { Badge, VerdictBadge, isDangerous } from '../../ui/badge';
import { Button, ButtonAnchor, ButtonLink } from '../../ui/button';
import { copy } from '../../ui/copy';
import { Icon } from '../../ui/icon';
import { PersonChip } from '../../ui/person';
import { Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import { formatWords } from '../models/words';
import styles from './model.module.css';

function Download({ model, version }: { model: ModelCard; version: VersionCard }) {
  const file = primaryFile(version);
  if (model.mode === 'Archived' && !model.mayEdit) {
    return (
      <Notice title={t('Archived')}>
        {t('Its creator no longer offers it for download. The page stays for the record.')}
      </Notice>
    );
  }
  if (!file) return <Notice>{t('This version has no file yet.')}</Notice>;
  const dangerous = isDangerous(file.verdict);
  return (
    <>
      {dangerous ? (
        <Notice tone="danger" title={t('This file is dangerous to load')}>
          {t('Read the reasons at the file before you decide.')}
        </Notice>
      ) : (
        <ButtonAnchor
          href={downloadAddress(version.id)}
          variant="solid"
          size="large"
          icon="download"
          wide
        >
          {t('Download {size}', { size: bytes(file.bytes) })}
        </ButtonAnchor>
      )}
      <div className={styles.line}>
        <VerdictBadge verdict={file.verdict} />
        {file.format && <Badge>{formatWords(file.format)}</Badge>}
        {(file.quantType || file.fp) && <Badge>{file.quantType || file.fp}</Badge>}
      </div>
    </>
  );
}

const usable = [
  'Checkpoint',
  'LORA',
  'LoCon',
  'DoRA',
  'TextualInversion',
  'Hypernetwork',
  'VAE',
  'Upscaler',
];

/** Into the generator with this version, where it would have a place. */
function Generate({ model, version }: { model: ModelCard; version: VersionCard }) {
  const user = useViewer()?.user;
  if (!user || !usable.includes(model.type) || !version.files.length) return null;
  return (
    <ButtonLink {...generating({ version: String(version.id) })} icon="wand" wide>
      {t('Generate with this')}
    </ButtonLink>
  );
}

function TriggerWords({ words }: { words: string[] }) {
  if (words.length === 0) return null;
  return (
    <div className={styles.block}>
      <div className={styles.title}>
        <h2>{t('Trigger words')}</h2>
        {words.length > 1 && (
          <Button
            size="small"
            variant="ghost"
            icon="copy"
            onClick={() => copy(words.join(', '), t('all trigger words'))}
          >
            {t('Copy all')}
          </Button>
        )}
      </div>
      <div className={styles.words}>
        {words.map((word) => (
          <button
            key={word}
            type="button"
            className={styles.word}
            onClick={() => copy(word, `“${word}”`)}
            aria-label={t('Copy trigger word {word}', { word })}
          >
            {word}
            <Icon name="copy" size={14} />
          </button>
        ))}
      </div>
    </div>
  );
}

function Licence({ model }: { model: ModelCard }) {
  return (
    <section className={styles.panel}>
      <h2>{t('What you may do')}</h2>
      <ul className={styles.permissions}>
        {licenceSentences(model).map(({ allowed, text }) => (
          <li key={text} data-allowed={allowed}>
            <Icon name={allowed ? 'check' : 'cross'} size={16} />
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Facts beside the thing: download first, then what it is, then the licence. */
export function Side({ model, version }: { model: ModelCard; version: VersionCard }) {
  const facts: [string, React.ReactNode][] = [
    [t('Type'), typeWords(model.type)],
    [t('Base model'), version.baseModel || t('Not known')],
    [t('Made by'), model.checkpointType === 'Merge' ? t('Merging') : null],
    [t('Training steps'), version.steps ? number(version.steps) : null],
    [t('Epochs'), version.epochs ? number(version.epochs) : null],
    [t('Clip skip'), version.clipSkip ?? null],
    [
      t('Published'),
      version.status === 'Published' && version.publishedAt ? (
        <Time at={version.publishedAt} />
      ) : null,
    ],
    [t('Downloads'), compact(version.downloadCount)],
  ];
  return (
    <aside className={styles.side} aria-label={t('Facts')}>
      <section className={styles.panel} aria-label={t('Download')}>
        <Download model={model} version={version} />
        <Generate model={model} version={version} />
        <TriggerWords words={version.trainedWords} />
        <dl className={styles.facts}>
          {facts.map(([name, value]) =>
            value === null ? null : (
              <div key={name} style={{ display: 'contents' }}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
          )}
        </dl>
      </section>
      <section className={styles.panel}>
        <h2>{t('Creator')}</h2>
        <PersonChip username={model.creator} size={40} />
      </section>
      <Licence model={model} />
    </aside>
  );
}
