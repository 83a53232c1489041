import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { comments, commentsKey, commentsQuery } from '../../api/community';
import type { CommentSort, Subject } from '../../api/community';
import { useViewer } from '../../api/session';
import { number } from '../../text/format';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../button';
import { Select } from '../field';
import { Bone, Failure, Notice } from '../state';
import { say } from '../toast';
import { CommentForm } from './form';
import { CommentRow } from './comment';
import styles from './discussion.module.css';

const sorts = () => [
  { value: 'newest', label: t('Newest') },
  { value: 'oldest', label: t('Oldest') },
  { value: 'mostReacted', label: t('Most reactions') },
];

interface DiscussionProps {
  subject: Subject;
  /** Called when a comment was added or taken back, to change a count elsewhere. */
  onCount?: (by: 1 | -1) => void;
}

/** What people say about a thing: pinned words first, replies below what they answer. */
export function Discussion({ subject, onCount }: DiscussionProps) {
  const queries = useQueryClient();
  const viewer = useViewer();
  const [sort, setSort] = useState<CommentSort>('newest');
  const found = useInfiniteQuery(commentsQuery(subject, sort));
  const first = found.data?.pages[0];
  const refresh = () => queries.invalidateQueries({ queryKey: commentsKey(subject) });
  const lock = useMutation({
    mutationFn: (on: boolean) => comments.lock(subject, on),
    onSuccess: refresh,
    onError: (error) => say(error.message, { bad: true }),
  });

  if (found.isError && !first) {
    return <Failure error={found.error} retry={() => void found.refetch()} />;
  }
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  const pinned = first?.pinned ?? [];
  const add = async (text: string) => {
    await comments.create(subject, text);
    onCount?.(1);
    await refresh();
  };
  return (
    <section className={styles.discussion} aria-label={t('Comments')} id="comments">
      <div className={styles.head}>
        <h2>
          {t('Comments')} {first && first.total > 0 && <span>{number(first.total)}</span>}
        </h2>
        <div className={styles.foot}>
          {first?.mayModerate && (
            <Button
              size="small"
              variant="ghost"
              icon="lock"
              busy={lock.isPending}
              onClick={() => lock.mutate(!first.locked)}
            >
              {first.locked ? t('Unlock comments') : t('Lock comments')}
            </Button>
          )}
          {all.length > 1 && (
            <Select
              compact
              aria-label={t('Sort comments by')}
              value={sort}
              onChange={(event) => setSort(event.target.value as CommentSort)}
              options={sorts()}
            />
          )}
        </div>
      </div>
      {first?.locked && <Notice>{t('Comments are locked.')}</Notice>}
      {first?.mayComment ? (
        <CommentForm label={t('Add a comment')} onSend={add} />
      ) : (
        viewer &&
        !viewer.user && (
          <div>
            <ButtonLink to="/sign-in" search={{ next: location.pathname }} size="small">
              {t('Sign in to comment')}
            </ButtonLink>
          </div>
        )
      )}
      {!first ? (
        <Bone height="6rem" />
      ) : pinned.length + all.length === 0 ? (
        <p className={styles.gone}>{t('No comments yet.')}</p>
      ) : (
        <div className={styles.list}>
          {[...pinned, ...all].map((one) => (
            <CommentRow
              key={one.id}
              comment={one}
              subject={subject}
              refresh={refresh}
              onCount={onCount}
            />
          ))}
        </div>
      )}
      {found.hasNextPage && (
        <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('Show more comments')}
        </Button>
      )}
    </section>
  );
}
