import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { reviews, reviewsQuery, useMarks } from '../../api/community';
import type { Review } from '../../api/community';
import { useViewer } from '../../api/session';
import type { ModelCard, VersionCard } from '../../api/shapes';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { Check, TextArea } from '../../ui/field';
import { Icon } from '../../ui/icon';
import { MarkdownView } from '../../ui/markdown';
import { PersonChip } from '../../ui/person';
import { ReportButton } from '../../ui/report';
import { Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './model.module.css';

interface WriteProps {
  version: VersionCard;
  own: Review | undefined;
  onClose: () => void;
}

function Write({ version, own, onClose }: WriteProps) {
  const queries = useQueryClient();
  const [recommended, setRecommended] = useState(own?.recommended ?? true);
  const [details, setDetails] = useState(own?.text ?? '');
  const work = useMutation({
    mutationFn: () => reviews.write(version.id, { recommended, details }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['reviews'] }),
        queries.invalidateQueries({ queryKey: ['marks', 'version', version.id] }),
        queries.invalidateQueries({ queryKey: ['model'] }),
      ]);
      say(t('Thank you for the review'));
      onClose();
    },
  });
  return (
    <form
      className={styles.block}
      onSubmit={(event) => {
        event.preventDefault();
        if (!work.isPending) work.mutate();
      }}
    >
      <div role="radiogroup" aria-label={t('Your word')}>
        <Check
          type="radio"
          name="word"
          checked={recommended}
          onChange={() => setRecommended(true)}
          label={t('I recommend it')}
        />
        <Check
          type="radio"
          name="word"
          checked={!recommended}
          onChange={() => setRecommended(false)}
          label={t('I do not recommend it')}
        />
      </div>
      <TextArea
        label={t('What should others know?')}
        optional
        rows={5}
        value={details}
        onChange={(event) => setDetails(event.target.value)}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('Cancel')}</Button>
        <Button type="submit" variant="solid" busy={work.isPending}>
          {t('Publish the review')}
        </Button>
      </DialogActions>
    </form>
  );
}

/** Takes one's own review away; it can be brought back at once. */
function Remove({ review }: { review: Review }) {
  const queries = useQueryClient();
  const renew = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['reviews'] }),
      queries.invalidateQueries({ queryKey: ['marks', 'version', review.version] }),
      queries.invalidateQueries({ queryKey: ['model'] }),
    ]);
  async function bring() {
    try {
      const { recommended, text } = review;
      await reviews.write(review.version, { recommended, details: text });
    } catch (error) {
      say((error as Error).message, { bad: true });
    }
    await renew();
  }
  const work = useMutation({
    mutationFn: () => reviews.remove(review.id),
    onSuccess: async () => {
      say(t('Review removed'), { action: { label: t('Undo'), run: () => void bring() } });
      await renew();
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <Button
      size="small"
      variant="ghost"
      icon="trash"
      aria-label={t('Remove your review')}
      busy={work.isPending}
      onClick={() => work.mutate()}
    />
  );
}

function One({ review }: { review: Review }) {
  return (
    <article
      className={styles.review}
      aria-label={t('Review by {name}', { name: review.author.username })}
    >
      <div className={styles.line}>
        <PersonChip username={review.author.username} />
        <span className={styles.stat} data-good={review.recommended}>
          <Icon name={review.recommended ? 'like' : 'dislike'} size={16} />
          {review.recommended ? t('recommends it') : t('does not recommend it')}
        </span>
        <span>{review.versionName}</span>
        <Time at={review.createdAt} />
        {review.editedAt && <span>{t('edited')}</span>}
        <span className={styles.end}>
          {review.mayDelete && review.mayEdit && <Remove review={review} />}
          {!review.mayEdit && <ReportButton subject={{ kind: 'review', id: review.id }} />}
        </span>
      </div>
      {review.html && <MarkdownView html={review.html} />}
    </article>
  );
}

/** What people who used it think of it. */
export function Reviews({ model, version }: { model: ModelCard; version: VersionCard }) {
  const found = useInfiniteQuery(reviewsQuery(model.id));
  const [open, setOpen] = useState(false);
  const viewer = useViewer();
  const navigate = useNavigate();
  const marks = useMarks({ kind: 'version', id: version.id });
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  const summary = found.data?.pages[0]?.summary;
  const own = all.find((one) => one.mayEdit && one.version === version.id);
  const mine = viewer?.user?.username === model.creator;
  return (
    <section className={styles.block} aria-label={t('Reviews')}>
      <div className={styles.title}>
        <h2>
          {t('Reviews')}{' '}
          {summary && summary.count > 0 && (
            <span className={styles.fileNote}>
              {t('{count, plural, one {# review} other {# reviews}}, {average} of 5', {
                count: summary.count,
                average: number(Math.round(summary.average * 10) / 10),
              })}
            </span>
          )}
        </h2>
        {!mine && (
          <Button
            size="small"
            icon="like"
            onClick={() => {
              if (viewer?.user) setOpen(true);
              else void navigate({ to: '/sign-in', search: { next: location.pathname } });
            }}
          >
            {marks?.recommended === undefined ? t('Write a review') : t('Change your review')}
          </Button>
        )}
      </div>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && all.length === 0 && <p className={styles.fileNote}>{t('No reviews yet.')}</p>}
      {all.map((review) => (
        <One key={review.id} review={review} />
      ))}
      {found.hasNextPage && (
        <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('Show more')}
        </Button>
      )}
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('Review of {name}', { name: version.name })}
      >
        <Write version={version} own={own} onClose={() => setOpen(false)} />
      </Dialog>
    </section>
  );
}
