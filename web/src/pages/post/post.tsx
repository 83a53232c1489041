import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { postQuery } from '../../api/posts';
import type { PostCard } from '../../api/posts';
import { usePageTitle } from '../../frame/title';
import { t } from '../../text/words';
import { Badge, StatusBadge } from '../../ui/badge';
import { ButtonLink } from '../../ui/button';
import { CollectButton } from '../../ui/collect';
import { Discussion } from '../../ui/discussion/discussion';
import { FixedGallery } from '../../ui/gallery';
import { MarkdownView } from '../../ui/markdown';
import { PersonChip } from '../../ui/person';
import { Reactions, counted, countsOf } from '../../ui/reactions';
import { ReportButton } from '../../ui/report';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import styles from './post.module.css';

function Head({ post }: { post: PostCard }) {
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h1>{post.title || t('Post by {name}', { name: post.creator })}</h1>
        <div className={styles.line}>
          <CollectButton small thing={{ kind: 'post', id: post.id }} />
          {!post.mayEdit && <ReportButton subject={{ kind: 'post', id: post.id }} />}
          {post.mayEdit && (
            <ButtonLink
              to="/create-post"
              search={{ post: String(post.id) }}
              icon="edit"
              size="small"
            >
              {t('Edit')}
            </ButtonLink>
          )}
        </div>
      </div>
      <div className={styles.line}>
        <PersonChip username={post.creator} />
        {post.status !== 'Published' && post.status !== 'TakenDown' && (
          <StatusBadge status={post.status} />
        )}
        {post.demo && <Badge icon="info">{t('Demo')}</Badge>}
        <Time at={post.publishedAt ?? post.createdAt} />
        {post.model !== undefined && (
          <span>
            {t('in the gallery of')}{' '}
            <Link
              to="/models/$id"
              params={{ id: String(post.model) }}
              search={{ version: post.version ? String(post.version) : undefined }}
            >
              {post.modelName} {post.versionName}
            </Link>
          </span>
        )}
      </div>
    </header>
  );
}

/** Why not everybody sees it. */
function Standing({ post }: { post: PostCard }) {
  if (post.status === 'Published') return null;
  return (
    <div className={styles.standing}>
      {post.status === 'TakenDown' ? (
        <Notice tone="danger" title={t('A moderator took this down')}>
          {post.takenDownReason}
        </Notice>
      ) : (
        <Notice>
          {post.status === 'Scheduled' ? (
            <>
              {t('Only you can see this post. It will be published')} <Time at={post.publishedAt} />
            </>
          ) : (
            t('Only you can see this post: it is not published.')
          )}
        </Notice>
      )}
    </div>
  );
}

export function PostPage() {
  const id = Number(useParams({ from: '/posts/$id' }).id);
  const queries = useQueryClient();
  const found = useQuery(postQuery(id));
  const post = found.data;
  usePageTitle(post ? post.title || t('Post by {name}', { name: post.creator }) : undefined);
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!post) return <Bone height="24rem" />;
  return (
    <>
      <Head post={post} />
      <Standing post={post} />
      {post.images.length ? (
        <FixedGallery
          list={`post ${post.id}`}
          images={post.images}
          label={t('Images')}
          density="roomy"
        />
      ) : (
        <Empty icon="image" title={t('There is nothing here that you may see')}>
          {t('Its images are more mature than what you browse, or they were removed.')}
        </Empty>
      )}
      <div className={styles.below}>
        <Reactions
          subject={{ kind: 'post', id: post.id }}
          counts={countsOf(post)}
          onCount={(reaction, by) =>
            queries.setQueryData(
              postQuery(id).queryKey,
              (before) => before && counted(before, reaction, by),
            )
          }
        />
        {post.detailHtml && <MarkdownView html={post.detailHtml} />}
        {post.tags.length > 0 && (
          <nav className={styles.tags} aria-label={t('Tags')}>
            {post.tags.map((tag) => (
              <Link key={tag} to="/images" search={{ tag }}>
                {tag}
              </Link>
            ))}
          </nav>
        )}
        <Discussion subject={{ kind: 'post', id: post.id }} />
      </div>
    </>
  );
}
