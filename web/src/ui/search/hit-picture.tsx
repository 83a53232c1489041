import type { Pictured } from '../../api/images';
import type { SearchHit } from '../../api/search';
import { Cover } from '../cover/cover';
import { Icon } from '../icon';
import type { IconName } from '../icon';
import { Face } from '../person';
import { useVeiled } from '../picture/levels';
import { Picture } from '../picture/picture';
import styles from './search.module.css';

/**
 * What is drawn of a hit's picture. Only an image can be unveiled by its number: that of another
 * thing is no image's.
 */
export function picturedOf(hit: SearchHit): Pictured | undefined {
  const { picture } = hit;
  if (!picture) return undefined;
  return {
    ...picture,
    id: hit.kind === 'images' ? hit.id : -hit.id,
    type: picture.video ? 'video' : 'image',
    state: 'ready',
    creator: hit.username ?? '',
  };
}

const nobody = { id: 0, nsfwLevel: 0, creator: '' };

export function useHitVeiled(hit: SearchHit): boolean {
  return useVeiled(picturedOf(hit) ?? nobody).veiled;
}

const icons: Record<string, IconName> = { tags: 'tag', collections: 'folder', posts: 'layers' };

interface HitPictureProps {
  hit: SearchHit;
  /** Width of the box it fills, CSS pixels. */
  width: number;
}

/** The picture of a hit, veiled by its level; a thing without one gets a sign of its kind. */
export function HitPicture({ hit, width }: HitPictureProps) {
  const veiled = useHitVeiled(hit);
  const image = picturedOf(hit);
  if (image) return <Picture image={image} width={width} veiled={veiled} />;
  if (hit.kind === 'models') return <Cover seed={hit.title} type={hit.type ?? ''} />;
  if (hit.kind === 'users') return <Face name={hit.title} size={Math.min(width, 48)} />;
  return (
    <span className={styles.sign}>
      <Icon name={icons[hit.kind] ?? 'search'} size={width > 100 ? 32 : 20} />
    </span>
  );
}
