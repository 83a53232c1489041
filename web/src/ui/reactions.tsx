import { useNavigate } from '@tanstack/react-router';
import { useReact } from '../api/community';
import type { Reaction, Subject } from '../api/community';
import { useViewer } from '../api/session';
import { compact } from '../text/format';
import { t } from '../text/words';
import { Icon } from './icon';
import type { IconName } from './icon';
import styles from './reactions.module.css';

export type Counts = Record<Reaction, number>;

export interface Counted {
  likeCount: number;
  dislikeCount: number;
  laughCount: number;
  cryCount: number;
  heartCount: number;
}

const members = {
  Like: 'likeCount',
  Dislike: 'dislikeCount',
  Laugh: 'laughCount',
  Cry: 'cryCount',
  Heart: 'heartCount',
} as const;

export function countsOf(thing: Counted): Counts {
  const { likeCount, dislikeCount, laughCount, cryCount, heartCount } = thing;
  return {
    Like: likeCount,
    Dislike: dislikeCount,
    Laugh: laughCount,
    Cry: cryCount,
    Heart: heartCount,
  };
}

/** The thing with one of its counts changed. */
export function counted<Thing extends Counted>(thing: Thing, reaction: Reaction, by: 1 | -1) {
  const member = members[reaction];
  return { ...thing, [member]: Math.max(0, thing[member] + by) };
}

const kinds = (): { reaction: Reaction; icon: IconName; name: string }[] => [
  { reaction: 'Like', icon: 'like', name: t('Like') },
  { reaction: 'Heart', icon: 'heart', name: t('Heart') },
  { reaction: 'Laugh', icon: 'laugh', name: t('Laugh') },
  { reaction: 'Cry', icon: 'cry', name: t('Cry') },
];

interface ReactionsProps {
  subject: Subject;
  counts: Counts;
  onCount: (reaction: Reaction, by: 1 | -1) => void;
  small?: boolean;
}

/** Buttons that count: what was given is pressed, and pressing again takes it back. */
export function Reactions({ subject, counts, onCount, small }: ReactionsProps) {
  const viewer = useViewer();
  const navigate = useNavigate();
  const { own, toggle } = useReact(subject, onCount);

  function press(reaction: Reaction) {
    if (viewer && !viewer.user) {
      void navigate({ to: '/sign-in', search: { next: location.pathname } });
    } else void toggle(reaction);
  }

  return (
    <div
      className={small ? `${styles.bar} ${styles.small}` : styles.bar}
      role="group"
      aria-label={t('Reactions')}
    >
      {kinds().map(({ reaction, icon, name }) => (
        <button
          key={reaction}
          type="button"
          aria-pressed={own.has(reaction)}
          onClick={() => press(reaction)}
        >
          <Icon name={icon} size={small ? 16 : 18} />
          <span className="unseen">{name}</span>
          {(counts[reaction] > 0 || !small) && compact(counts[reaction])}
        </button>
      ))}
    </div>
  );
}
