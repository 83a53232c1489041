import type { SearchHit } from '../../api/search';
import { compact } from '../../text/format';
import { t } from '../../text/words';
import { Icon } from '../icon';
import type { IconName } from '../icon';
import styles from './search.module.css';

type Count = keyof SearchHit['counts'];

const icons: Record<Count, IconName> = {
  downloads: 'download',
  likes: 'like',
  comments: 'comment',
  collected: 'bookmark',
  images: 'image',
  items: 'layers',
  followers: 'people',
  models: 'layers',
};

function words(count: Count): string {
  switch (count) {
    case 'downloads':
      return t('Downloads:');
    case 'likes':
      return t('Likes:');
    case 'comments':
      return t('Comments:');
    case 'collected':
      return t('Collected:');
    case 'images':
      return t('Images:');
    case 'items':
      return t('Items:');
    case 'followers':
      return t('Followers:');
    default:
      return t('Models:');
  }
}

/** The first counts of a hit that are not nothing; what matters of a kind comes first. */
export function HitCounts({ hit, most = 2 }: { hit: SearchHit; most?: number }) {
  const shown = (Object.keys(icons) as Count[]).filter((one) => hit.counts[one]).slice(0, most);
  if (shown.length === 0) return null;
  return (
    <span className={styles.counts}>
      {shown.map((one) => (
        <span key={one}>
          <Icon name={icons[one]} size={14} />
          <span className="unseen">{words(one)}</span>
          {compact(hit.counts[one] ?? 0)}
        </span>
      ))}
    </span>
  );
}
