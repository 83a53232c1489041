import { Link } from '@tanstack/react-router';
import type { ModelSummary } from '../api/shapes';
import { bytes, compact } from '../text/format';
import { typeWords } from '../text/models';
import { t } from '../text/words';
import { Badge, LevelBadge, VerdictBadge } from './badge';
import { Cover } from './cover/cover';
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

function Name({ model }: { model: ModelSummary }) {
  return (
    <Link to="/models/$id" params={{ id: String(model.id) }} className={styles.name}>
      {model.name}
    </Link>
  );
}

const person = (model: ModelSummary) => model.creator.displayName || model.creator.username;

/** A model in a grid: its cover carries the colour, the words stay quiet. */
export function MediaCard({ model }: { model: ModelSummary }) {
  return (
    <article className={styles.card}>
      <div className={styles.media}>
        <Cover seed={model.seed || model.name} type={model.type} />
        <div className={styles.marks}>
          <Badge>{typeWords(model.type)}</Badge>
          {model.baseModel && <Badge>{model.baseModel}</Badge>}
          {model.nsfwLevel > 1 && <LevelBadge bits={model.nsfwLevel} />}
          {model.verdict === 'dangerous' && <VerdictBadge verdict="dangerous" />}
        </div>
      </div>
      <div className={styles.text}>
        <Name model={model} />
        <div className={styles.facts}>
          <span>{person(model)}</span>
          <Downloads count={model.downloadCount} />
        </div>
      </div>
    </article>
  );
}

/** The same model as one line of a list. */
export function MediaRow({ model }: { model: ModelSummary }) {
  return (
    <article className={styles.row}>
      <div className={styles.media}>
        <Cover seed={model.seed || model.name} type={model.type} />
      </div>
      <div className={styles.text}>
        <Name model={model} />
        <div className={styles.facts}>
          <span>{typeWords(model.type)}</span>
          {model.baseModel && <span>{model.baseModel}</span>}
          <span>{person(model)}</span>
        </div>
      </div>
      <div className={styles.side}>
        {model.sizeBytes ? <span>{bytes(model.sizeBytes)}</span> : null}
        <Time at={model.publishedAt} />
        <Downloads count={model.downloadCount} />
      </div>
    </article>
  );
}
