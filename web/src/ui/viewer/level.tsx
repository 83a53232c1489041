import { useMutation, useQueryClient } from '@tanstack/react-query';
import { imageQuery, images, patchImage } from '../../api/images';
import type { ImageView } from '../../api/images';
import { useViewer } from '../../api/session';
import { t } from '../../text/words';
import { LevelBadge } from '../badge';
import { Button } from '../button';
import { Menu, MenuChoice, MenuItem, MenuNote } from '../menu';
import { say } from '../toast';
import styles from './viewer.module.css';

export const levelOptions = () => [
  { value: '1', label: t('PG: for everyone') },
  { value: '2', label: t('PG-13: suggestive') },
  { value: '4', label: t('R: nudity or violence') },
  { value: '8', label: t('X: sexual') },
  { value: '16', label: t('XXX: explicit') },
];

/** How mature it is, by whose word, and one's own vote on it. */
export function LevelPart({ view }: { view: ImageView }) {
  const { image, levels } = view;
  const queries = useQueryClient();
  const signedIn = Boolean(useViewer()?.user);
  const vote = useMutation({
    mutationFn: (level: number | null) =>
      level === null ? images.withdrawVote(image.id) : images.vote(image.id, level),
    onSuccess: async () => {
      const fresh = await queries.fetchQuery({ ...imageQuery(image.id), staleTime: 0 });
      patchImage(queries, image.id, (one) => ({ ...one, nsfwLevel: fresh.image.nsfwLevel }));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const by = levels.locked
    ? t('set by a moderator')
    : levels.voted
      ? t('{count, plural, one {by # vote} other {by # votes}}', { count: levels.votes })
      : levels.claim
        ? t('set by its creator')
        : t('not rated yet');
  return (
    <section className={styles.level} aria-label={t('Maturity')}>
      <span>
        <LevelBadge bits={image.nsfwLevel} /> {by}
      </span>
      {signedIn && !levels.locked && !image.mayEdit && (
        <Menu
          trigger={
            <Button size="small" variant="ghost" busy={vote.isPending}>
              {levels.mine ? t('Your vote') : t('Rate it')}
            </Button>
          }
        >
          <MenuNote>{t('What is it?')}</MenuNote>
          <MenuChoice
            value={levels.mine ? String(levels.mine) : ''}
            onChange={(value) => vote.mutate(Number(value))}
            options={levelOptions()}
          />
          {levels.mine && (
            <MenuItem icon="cross" onSelect={() => vote.mutate(null)}>
              {t('Take my vote back')}
            </MenuItem>
          )}
        </Menu>
      )}
    </section>
  );
}
