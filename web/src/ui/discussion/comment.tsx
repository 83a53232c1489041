import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { comments, repliesQuery } from '../../api/community';
import type { Comment, Subject } from '../../api/community';
import { t } from '../../text/words';
import { Badge } from '../badge';
import { Button } from '../button';
import { Icon } from '../icon';
import { MarkdownView } from '../markdown';
import { Menu, MenuItem } from '../menu';
import { Face } from '../person';
import { Reactions } from '../reactions';
import type { Counts } from '../reactions';
import { ReportDialog } from '../report';
import { Bone } from '../state';
import { Time } from '../time';
import { say } from '../toast';
import { CommentForm } from './form';
import styles from './discussion.module.css';

const countsOf = ({ reactions }: Comment): Counts => ({
  Like: reactions.like,
  Dislike: reactions.dislike,
  Laugh: reactions.laugh,
  Cry: reactions.cry,
  Heart: reactions.heart,
});

interface RowProps {
  comment: Comment;
  subject: Subject;
  refresh: () => Promise<unknown>;
  onCount?: (by: 1 | -1) => void;
}

function Replies({ comment, ...rest }: RowProps) {
  const found = useInfiniteQuery(repliesQuery(comment.id));
  if (!found.data) return <Bone height="3rem" />;
  const refresh = async () => {
    await Promise.all([found.refetch(), rest.refresh()]);
  };
  return (
    <>
      {found.data.pages
        .flatMap((page) => page.items)
        .map((one) => (
          <CommentRow key={one.id} comment={one} {...rest} refresh={refresh} />
        ))}
      {found.hasNextPage && (
        <Button size="small" variant="ghost" onClick={() => void found.fetchNextPage()}>
          {t('Show more replies')}
        </Button>
      )}
    </>
  );
}

interface MenuProps extends RowProps {
  onEdit: () => void;
  onReport: () => void;
}

function CommentMenu({ comment, refresh, onEdit, onReport, onCount }: MenuProps) {
  async function run(work: () => Promise<unknown>, done: string) {
    try {
      await work();
      await refresh();
      say(done);
    } catch (error) {
      say((error as Error).message, { bad: true });
    }
  }
  const { id, pinned, hidden } = comment;
  return (
    <Menu
      trigger={
        <Button
          size="small"
          variant="ghost"
          icon="more"
          aria-label={t('More about this comment')}
        />
      }
    >
      <MenuItem
        icon="link"
        onSelect={() => void navigator.clipboard?.writeText(`${location.href}#comment-${id}`)}
      >
        {t('Copy its address')}
      </MenuItem>
      {!comment.mayEdit && (
        <MenuItem icon="flag" onSelect={onReport}>
          {t('Report')}
        </MenuItem>
      )}
      {comment.mayEdit && (
        <MenuItem icon="edit" onSelect={onEdit}>
          {t('Edit')}
        </MenuItem>
      )}
      {comment.mayModerate && (
        <>
          {comment.depth === 1 && (
            <MenuItem
              icon="pin"
              onSelect={() =>
                void run(
                  () => comments.pin(id, !pinned),
                  pinned ? t('No longer pinned') : t('Pinned'),
                )
              }
            >
              {pinned ? t('Unpin') : t('Pin')}
            </MenuItem>
          )}
          <MenuItem
            icon={hidden ? 'eye' : 'hide'}
            onSelect={() =>
              void run(
                () => comments.hide(id, !hidden),
                hidden ? t('Shown to all again') : t('Hidden'),
              )
            }
          >
            {hidden ? t('Show to all') : t('Hide')}
          </MenuItem>
        </>
      )}
      {comment.mayDelete && (
        <MenuItem
          icon="trash"
          danger
          onSelect={() =>
            void run(async () => {
              await comments.remove(id);
              onCount?.(-1);
            }, t('Deleted'))
          }
        >
          {t('Delete')}
        </MenuItem>
      )}
    </Menu>
  );
}

/** One comment with what answers it. */
export function CommentRow(props: RowProps) {
  const { comment, subject, refresh, onCount } = props;
  const queries = useQueryClient();
  const [replying, setReplying] = useState(false);
  const [editing, setEditing] = useState(false);
  const [reporting, setReporting] = useState(false);
  const [open, setOpen] = useState(false);
  const [counts, setCounts] = useState<Counts>(() => countsOf(comment));

  async function reply(text: string) {
    await comments.create(subject, text, comment.id);
    onCount?.(1);
    setReplying(false);
    setOpen(true);
    await queries.invalidateQueries({ queryKey: ['replies', comment.id] });
    await refresh();
  }

  async function edit(text: string) {
    await comments.edit(comment.id, text);
    setEditing(false);
    await refresh();
  }

  const name = comment.author?.username;
  return (
    <article
      id={`comment-${comment.id}`}
      className={comment.hidden ? `${styles.comment} ${styles.hidden}` : styles.comment}
      aria-label={name ? t('Comment by {name}', { name }) : t('Deleted comment')}
    >
      {name ? <Face name={name} size={32} /> : <Icon name="comment" size={24} />}
      <div className={styles.words}>
        <div className={styles.by}>
          {name && (
            <Link to="/user/$username" params={{ username: name }}>
              {name}
            </Link>
          )}
          <Time at={comment.createdAt} />
          {comment.editedAt && <span>{t('edited')}</span>}
          {comment.pinned && <Badge icon="pin">{t('Pinned')}</Badge>}
          {comment.hidden && <Badge icon="hide">{t('Hidden')}</Badge>}
        </div>
        {comment.deleted ? (
          <p className={styles.gone}>{t('This comment was deleted.')}</p>
        ) : editing ? (
          <CommentForm
            label={t('Edit your comment')}
            start={comment.text}
            send={t('Save')}
            autoFocus
            onSend={edit}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <div className={styles.text}>
            <MarkdownView html={comment.html} />
          </div>
        )}
        {!comment.deleted && !editing && (
          <div className={styles.foot}>
            <Reactions
              small
              subject={{ kind: 'comment', id: comment.id }}
              counts={counts}
              onCount={(reaction, by) =>
                setCounts((before) => ({ ...before, [reaction]: before[reaction] + by }))
              }
            />
            {comment.mayReply && (
              <Button size="small" variant="ghost" icon="reply" onClick={() => setReplying(true)}>
                {t('Reply')}
              </Button>
            )}
            <CommentMenu
              {...props}
              onEdit={() => setEditing(true)}
              onReport={() => setReporting(true)}
            />
          </div>
        )}
        <ReportDialog
          subject={{ kind: 'comment', id: comment.id }}
          open={reporting}
          onClose={() => setReporting(false)}
        />
        <div className={styles.replies}>
          {replying && (
            <CommentForm
              label={name ? t('Reply to {name}', { name }) : t('Reply')}
              send={t('Reply')}
              autoFocus
              onSend={reply}
              onCancel={() => setReplying(false)}
            />
          )}
          {open ? (
            <Replies {...props} />
          ) : (
            comment.replyCount > 0 && (
              <div>
                <Button size="small" variant="ghost" icon="down" onClick={() => setOpen(true)}>
                  {t('{count, plural, one {# reply} other {# replies}}', {
                    count: comment.replyCount,
                  })}
                </Button>
              </div>
            )
          )}
        </div>
      </div>
    </article>
  );
}
