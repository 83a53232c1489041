import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { endlessPostsQuery } from '../api/posts';
import type { PostCard as Post, PostFilter } from '../api/posts';
import { compact, number } from '../text/format';
import { t } from '../text/words';
import { Badge, LevelBadge, StatusBadge } from './badge';
import { Button } from './button';
import { Icon } from './icon';
import { Front } from './picture/front';
import { Bone, Failure } from './state';
import { Time } from './time';
import styles from './post-card.module.css';

export function postWords(post: Post): string {
  return post.title || t('Post by {name}', { name: post.creator });
}

/** A post in a list: its first image, and how many more there are. */
export function PostCard({ post }: { post: Post }) {
  const first = post.images[0];
  const reactions = post.likeCount + post.heartCount + post.laughCount + post.cryCount;
  const draft = post.status === 'Draft';
  const look = { className: styles.name, children: postWords(post) };
  return (
    <article className={styles.card}>
      <div className={styles.media}>
        {first ? (
          <Front image={first} name={postWords(post)} width={280} shape={1} />
        ) : (
          <Icon name="image" size={32} />
        )}
        <div className={styles.marks}>
          {post.status !== 'Published' && <StatusBadge status={post.status} />}
          {post.nsfwLevel > 1 && <LevelBadge bits={post.nsfwLevel} />}
          {post.imageCount > 1 && (
            <Badge icon="layers">
              <span className="unseen">{t('Images:')}</span>
              {number(post.imageCount)}
            </Badge>
          )}
        </div>
      </div>
      {draft ? (
        <Link to="/create-post" search={{ post: String(post.id) }} {...look} />
      ) : (
        <Link to="/posts/$id" params={{ id: String(post.id) }} {...look} />
      )}
      <div className={styles.facts}>
        <Time at={post.publishedAt ?? post.createdAt} />
        {reactions > 0 && (
          <span>
            <Icon name="heart" size={14} />
            <span className="unseen">{t('Reactions:')}</span>
            {compact(reactions)}
          </span>
        )}
        {post.commentCount > 0 && (
          <span>
            <Icon name="comment" size={14} />
            <span className="unseen">{t('Comments:')}</span>
            {compact(post.commentCount)}
          </span>
        )}
      </div>
    </article>
  );
}

/** All posts of a kind below each other. */
export function PostGrid({ filter, empty }: { filter: PostFilter; empty: ReactNode }) {
  const found = useInfiniteQuery(endlessPostsQuery(filter));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="18rem" />;
  const all = found.data.pages.flatMap((page) => page.items);
  if (!all.length) return empty;
  return (
    <>
      <div className={styles.grid}>
        {all.map((post) => (
          <PostCard key={post.id} post={post} />
        ))}
      </div>
      {found.hasNextPage && (
        <div className={styles.more}>
          <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t('Show more')}
          </Button>
        </div>
      )}
    </>
  );
}
