import { Link } from '@tanstack/react-router';
import type { SearchHit, SearchKind } from '../../api/search';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge, LevelBadge } from '../badge';
import card from '../media-card.module.css';
import { Time } from '../time';
import { HitCounts } from './counts';
import { HitPicture } from './hit-picture';
import { linkTo } from './link';
import { HitSnippet, HitTitle } from './marked';
import styles from './search.module.css';

/** What a thing without a name is called. */
export function namelessWords(hit: SearchHit): string {
  const name = hit.username ?? t('somebody');
  switch (hit.kind) {
    case 'images':
      return hit.type === 'video' ? t('Video by {name}', { name }) : t('Image by {name}', { name });
    case 'posts':
      return t('Post by {name}', { name });
    default:
      return t('Without a name');
  }
}

/** People and tags have no level: they are for everybody. */
const levelled = (kind: SearchKind) => kind !== 'users' && kind !== 'tags';

export function HitLevel({ hit }: { hit: SearchHit }) {
  if (!levelled(hit.kind) || hit.nsfwLevel < 2) return null;
  return <LevelBadge bits={hit.nsfwLevel} />;
}

function Name({ hit }: { hit: SearchHit }) {
  return (
    <Link {...linkTo(hit.address)} className={card.name}>
      <HitTitle hit={hit} without={namelessWords(hit)} />
    </Link>
  );
}

/** A hit in a grid, for kinds that are looked at. */
export function HitCard({ hit }: { hit: SearchHit }) {
  return (
    <article className={card.card}>
      <div className={card.media}>
        <HitPicture hit={hit} width={240} />
        <div className={card.marks}>
          {hit.kind === 'models' && hit.type && <Badge>{typeWords(hit.type)}</Badge>}
          {hit.baseModels[0] && <Badge>{hit.baseModels[0]}</Badge>}
          <HitLevel hit={hit} />
        </div>
      </div>
      <div className={card.text}>
        <Name hit={hit} />
        <div className={card.facts}>
          <span>{hit.kind === 'users' ? '' : hit.username}</span>
          <HitCounts hit={hit} />
        </div>
        <HitSnippet hit={hit} />
      </div>
    </article>
  );
}

/** A hit as one line of a list, for kinds that are read. */
export function HitRow({ hit }: { hit: SearchHit }) {
  return (
    <article className={styles.row}>
      <div className={styles.thumb}>
        <HitPicture hit={hit} width={56} />
      </div>
      <div className={card.text}>
        <Name hit={hit} />
        <div className={styles.facts}>
          {hit.kind !== 'users' && hit.username && <span>{hit.username}</span>}
          {hit.kind === 'users' && hit.publishedAt && (
            <span>
              {t('here since')} <Time at={hit.publishedAt} />
            </span>
          )}
          <HitCounts hit={hit} most={3} />
          <HitLevel hit={hit} />
        </div>
        <HitSnippet hit={hit} />
      </div>
    </article>
  );
}
