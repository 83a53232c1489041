import { Link } from '@tanstack/react-router';
import { primaryFile } from '../api/models';
import type { ModelCard } from '../api/shapes';
import { bytes, compact } from '../text/format';
import { typeWords } from '../text/models';
import { t } from '../text/words';
import { Badge, LevelBadge, VerdictBadge, isDangerous } from './badge';
import { ModelCover } from './cover/model-cover';
import { Icon } from './icon';
import { Time } from './time';
import styles from './media-card.module.css';

function Downloads({ count }: { count: number }) {
  return (
    <span className={styles.count}>
      <Icon name="download" size={14} />
      <span className="unseen">{t('Downloads:')}</span>
      {compact(count)}
    </span>
  );
}

function Name({ model }: { model: ModelCard }) {
  return (
    <Link to="/models/$id" params={{ id: String(model.id) }} className={styles.name}>
      {model.name}
    </Link>
  );
}

/** A model in a grid: its cover carries the colour, the words stay quiet. */
export function MediaCard({ model }: { model: ModelCard }) {
  const baseModel = model.versions[0]?.baseModel;
  const verdict = primaryFile(model.versions[0])?.verdict;
  return (
    <article className={styles.card}>
      <div className={styles.media}>
        <ModelCover model={model} width={260} shape={0.8} />
        <div className={styles.marks}>
          <Badge>{typeWords(model.type)}</Badge>
          {baseModel && <Badge>{baseModel}</Badge>}
          {model.nsfwLevel > 1 && <LevelBadge bits={model.nsfwLevel} />}
          {verdict && isDangerous(verdict) && <VerdictBadge verdict={verdict} />}
        </div>
      </div>
      <div className={styles.text}>
        <Name model={model} />
        <div className={styles.facts}>
          <span>{model.creator}</span>
          <Downloads count={model.downloadCount} />
        </div>
      </div>
    </article>
  );
}

/** The same model as one line of a list. */
export function MediaRow({ model }: { model: ModelCard }) {
  const baseModel = model.versions[0]?.baseModel;
  const file = primaryFile(model.versions[0]);
  return (
    <article className={styles.row}>
      <div className={styles.media}>
        <ModelCover model={model} width={72} shape={1} />
      </div>
      <div className={styles.text}>
        <Name model={model} />
        <div className={styles.facts}>
          <span>{typeWords(model.type)}</span>
          {baseModel && <span>{baseModel}</span>}
          <span>{model.creator}</span>
        </div>
      </div>
      <div className={styles.side}>
        {file && <span>{bytes(file.bytes)}</span>}
        <Time at={model.publishedAt} />
        <Downloads count={model.downloadCount} />
      </div>
    </article>
  );
}
