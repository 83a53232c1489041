import type { ModelCard, VersionCard } from '../../api/shapes';
import { bytes } from '../../text/format';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { StatusBadge, VerdictBadge, isDangerous } from '../../ui/badge';
import { Cover } from '../../ui/cover/cover';
import { Check, TextField } from '../../ui/field';
import { Notice } from '../../ui/state';
import { forVersion, running, useTransfers } from '../../uploads/transfers';
import { coverSeed, primaryFile } from '../../api/models';
import styles from './upload.module.css';

export type When = 'now' | 'later' | 'draft';

interface PublishStepProps {
  model: ModelCard;
  version: VersionCard;
  when: When;
  at: string;
  onWhen: (when: When) => void;
  onAt: (at: string) => void;
  error?: string;
}

/** Local time of a moment as a date field wants it. */
export function localValue(moment: Date): string {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

export function PublishStep(props: PublishStepProps) {
  const { model, version, when, at, onWhen, onAt, error } = props;
  const file = primaryFile(version);
  const busy = useTransfers().filter((one) => running(one) && forVersion(version.id)(one));
  return (
    <div className={styles.form}>
      <div className={styles.preview}>
        <div>
          <Cover seed={coverSeed(model, version)} type={model.type} />
        </div>
        <div className={styles.summary}>
          <h2>{model.name}</h2>
          <dl>
            <dt>{t('Type')}</dt>
            <dd>{typeWords(model.type)}</dd>
            <dt>{t('Base model')}</dt>
            <dd>{version.baseModel}</dd>
            <dt>{t('Version')}</dt>
            <dd>{version.name}</dd>
            <dt>{t('Files')}</dt>
            <dd>
              {version.files.length === 0
                ? t('none yet')
                : version.files.map((one) => `${one.name} (${bytes(one.bytes)})`).join(', ')}
            </dd>
            <dt>{t('Verdict')}</dt>
            <dd>{file ? <VerdictBadge verdict={file.verdict} /> : '–'}</dd>
            <dt>{t('Now')}</dt>
            <dd>
              <StatusBadge status={version.status} />
            </dd>
          </dl>
        </div>
      </div>
      {busy.length > 0 && (
        <Notice tone="warning" title={t('Files are still being uploaded')}>
          {t('You can keep the draft now and publish when they have arrived.')}
        </Notice>
      )}
      {version.files.some((one) => isDangerous(one.verdict)) && (
        <Notice tone="danger" title={t('A dangerous file cannot be published')}>
          {t('Remove it, or replace it with a safetensors file, then come back. The draft stays.')}
        </Notice>
      )}
      {version.files.length === 0 && busy.length === 0 && (
        <Notice tone="warning">{t('A version needs a file before it can be published.')}</Notice>
      )}
      <fieldset className={styles.group}>
        <legend>{t('When')}</legend>
        <Check
          type="radio"
          name="when"
          checked={when === 'now'}
          onChange={() => onWhen('now')}
          label={t('Publish now')}
        />
        <Check
          type="radio"
          name="when"
          checked={when === 'later'}
          onChange={() => onWhen('later')}
          label={t('Publish later, by itself')}
        />
        {when === 'later' && (
          <TextField
            type="datetime-local"
            label={t('Date and time')}
            min={localValue(new Date())}
            value={at}
            onChange={(event) => onAt(event.target.value)}
            error={error}
          />
        )}
        <Check
          type="radio"
          name="when"
          checked={when === 'draft'}
          onChange={() => onWhen('draft')}
          label={t('Keep it as a draft')}
          hint={t('Only you and the moderators see it.')}
        />
      </fieldset>
    </div>
  );
}
