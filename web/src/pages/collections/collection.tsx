import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import {
  collectionItemsQuery,
  collectionQuery,
  collections,
  collectionsQuery,
} from '../../api/collections';
import type { CollectionCard } from '../../api/collections';
import { imageQuery } from '../../api/images';
import { modelQuery } from '../../api/models';
import { postQuery } from '../../api/posts';
import { useViewer } from '../../api/session';
import type { Body } from '../../api/shapes';
import { usePageTitle } from '../../frame/title';
import { subjectKindWords } from '../../text/kinds';
import { t } from '../../text/words';
import { Badge, LevelBadge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { readOptions, readWords } from '../../ui/collect';
import { Dialog, DialogActions } from '../../ui/dialog';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { MediaCard } from '../../ui/media-card';
import { Menu, MenuItem } from '../../ui/menu';
import { PersonChip } from '../../ui/person';
import { ImageTile } from '../../ui/picture/tile';
import { ReportButton } from '../../ui/report';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import styles from './collections.module.css';

type Item = Body<'CollectionItemCard'>;

function Shown({ item }: { item: Item }) {
  const image = useQuery({ ...imageQuery(item.id), enabled: item.kind === 'image' }).data?.image;
  const model = useQuery({ ...modelQuery(item.id), enabled: item.kind === 'model' }).data;
  const post = useQuery({ ...postQuery(item.id), enabled: item.kind === 'post' }).data;
  if (model) return <MediaCard model={model} />;
  const first = image ?? post?.images[0];
  return (
    <article className={styles.card}>
      <div className={styles.tile}>{first && <ImageTile image={first} width={320} />}</div>
      {post && (
        <Link to="/posts/$id" params={{ id: String(post.id) }}>
          {post.title || t('Post by {name}', { name: post.creator })}
        </Link>
      )}
    </article>
  );
}

function Items({ collection }: { collection: CollectionCard }) {
  const found = useInfiniteQuery(collectionItemsQuery(collection.id));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="16rem" />;
  const all = found.data.pages.flatMap((page) => page.items);
  if (!all.length) {
    return (
      <Empty icon="bookmark" title={t('Nothing in it yet')}>
        {t('Use the Collect button on the page of a model, an image or a post.')}
      </Empty>
    );
  }
  return (
    <>
      <div className={styles.grid}>
        {all.map((item) => (
          <Shown key={item.id} item={item} />
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

/** What others put in and its owner has to decide about. */
function Waiting({ collection }: { collection: CollectionCard }) {
  const queries = useQueryClient();
  const found = useInfiniteQuery(collectionItemsQuery(collection.id, 'REVIEW'));
  const decide = useMutation({
    mutationFn: ({ item, status }: { item: number; status: Item['status'] }) =>
      collections.decide(collection.id, item, status),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['collections'] }),
  });
  const all = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (!all.length) return null;
  return (
    <Notice title={t('Waiting for your word')}>
      {all.map((item) => (
        <div key={item.id} className={styles.line}>
          <a href={item.address}>{item.title || item.address}</a>
          <span>{t('by {name}', { name: item.addedBy })}</span>
          <Button
            size="small"
            icon="check"
            onClick={() => decide.mutate({ item: item.id, status: 'ACCEPTED' })}
          >
            {t('Take it in')}
          </Button>
          <Button
            size="small"
            icon="cross"
            onClick={() => decide.mutate({ item: item.id, status: 'REJECTED' })}
          >
            {t('Leave it out')}
          </Button>
        </div>
      ))}
    </Notice>
  );
}

function Change({ collection, onDone }: { collection: CollectionCard; onDone: () => void }) {
  const queries = useQueryClient();
  const [form, setForm] = useState({
    name: collection.name,
    description: collection.description,
    read: collection.read,
    write: collection.write,
  });
  const work = useMutation({
    mutationFn: () => collections.change(collection.id, form),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['collections'] });
      say(t('Saved'));
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!work.isPending) work.mutate();
      }}
    >
      <TextField
        label={t('Name')}
        maxLength={60}
        value={form.name}
        onChange={(event) => setForm({ ...form, name: event.target.value })}
      />
      <TextArea
        label={t('Description')}
        optional
        rows={3}
        value={form.description}
        onChange={(event) => setForm({ ...form, description: event.target.value })}
      />
      <SelectField
        label={t('Seen by')}
        value={form.read}
        onChange={(event) =>
          setForm({ ...form, read: event.target.value as CollectionCard['read'] })
        }
        options={readOptions()}
      />
      <SelectField
        label={t('Filled by')}
        value={form.write}
        onChange={(event) =>
          setForm({ ...form, write: event.target.value as CollectionCard['write'] })
        }
        options={[
          { value: 'Private', label: t('Me and contributors') },
          { value: 'Review', label: t('Everybody, after my word') },
          { value: 'Public', label: t('Everybody') },
        ]}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onDone}>{t('Cancel')}</Button>
        <Button type="submit" variant="solid" busy={work.isPending}>
          {t('Save')}
        </Button>
      </DialogActions>
    </form>
  );
}

export function CollectionPage() {
  const id = Number(useParams({ from: '/collections/$id' }).id);
  const found = useQuery(collectionQuery(id));
  const queries = useQueryClient();
  const navigate = useNavigate();
  const user = useViewer()?.user;
  const [open, setOpen] = useState(false);
  const collection = found.data;
  usePageTitle(collection?.name);
  const follow = useMutation({
    mutationFn: (on: boolean) => collections.follow(id, on),
    onSuccess: (fresh) => queries.setQueryData(collectionQuery(id).queryKey, fresh),
    onError: (error) => say(error.message, { bad: true }),
  });
  async function remove() {
    try {
      await collections.remove(id);
    } catch (error) {
      say((error as Error).message, { bad: true });
      return;
    }
    await queries.invalidateQueries({ queryKey: collectionsQuery({}).queryKey.slice(0, 2) });
    await navigate({ to: '/collections', search: { show: 'mine' } });
    say(t('Deleted'));
  }
  if (found.isError) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!collection) return <Bone height="20rem" />;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1>{collection.bookmarks ? t('Bookmarks') : collection.name}</h1>
          <div className={styles.actions}>
            {user && user.username !== collection.owner && (
              <Button
                size="small"
                icon={collection.followed ? 'check' : 'plus'}
                aria-pressed={collection.followed}
                busy={follow.isPending}
                onClick={() => follow.mutate(!collection.followed)}
              >
                {collection.followed ? t('Following') : t('Follow')}
              </Button>
            )}
            {!collection.mayManage && (
              <ReportButton subject={{ kind: 'collection', id: collection.id }} />
            )}
            {collection.mayManage && (
              <Menu trigger={<Button size="small" icon="more" aria-label={t('More actions')} />}>
                <MenuItem icon="edit" onSelect={() => setOpen(true)}>
                  {t('Edit')}
                </MenuItem>
                {collection.mayDelete && (
                  <MenuItem icon="trash" danger onSelect={() => void remove()}>
                    {t('Delete')}
                  </MenuItem>
                )}
              </Menu>
            )}
          </div>
        </div>
        <div className={styles.line}>
          <PersonChip username={collection.owner} />
          <Badge>{subjectKindWords(collection.kind)}</Badge>
          {collection.read !== 'Public' && <Badge icon="lock">{readWords(collection.read)}</Badge>}
          {collection.nsfwLevel > 1 && <LevelBadge bits={collection.nsfwLevel} />}
          <span>
            {t('{count, plural, =0 {no followers} one {# follower} other {# followers}}', {
              count: collection.followerCount,
            })}
          </span>
        </div>
        {collection.description && <p className={styles.words}>{collection.description}</p>}
        {collection.mayManage && <Waiting collection={collection} />}
      </header>
      <Items collection={collection} />
      <Dialog open={open} onClose={() => setOpen(false)} title={t('Edit the collection')}>
        <Change collection={collection} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
