import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import {
  collectionItemsQuery,
  collectionQuery,
  collections,
  collectionsQuery,
} from '../../api/collections';
import type { CollectionCard } from '../../api/collections';
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
import { Menu, MenuItem } from '../../ui/menu';
import { PersonChip } from '../../ui/person';
import { ReportButton } from '../../ui/report';
import { Bone, Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { Add } from './add';
import { Contributors } from './contributors';
import { Items, Rows, Tidying } from './items';
import styles from './collections.module.css';

type Item = Body<'CollectionItemCard'>;

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
    <section className={styles.waiting} aria-label={t('Waiting for your approval')}>
      <h2>{t('Waiting for your approval')}</h2>
      <ol className={styles.rows}>
        <Rows
          collection={collection}
          items={all}
          actions={(item) => (
            <>
              <Button
                size="small"
                icon="check"
                onClick={() => decide.mutate({ item: item.id, status: 'ACCEPTED' })}
              >
                {t('Accept')}
              </Button>
              <Button
                size="small"
                icon="cross"
                onClick={() => decide.mutate({ item: item.id, status: 'REJECTED' })}
              >
                {t('Decline')}
              </Button>
            </>
          )}
        />
      </ol>
    </section>
  );
}

type Form = Pick<CollectionCard, 'name' | 'description' | 'read' | 'write'>;

function Modes({ form, onChange }: { form: Form; onChange: (form: Form) => void }) {
  return (
    <>
      <SelectField
        label={t('Visible to')}
        value={form.read}
        onChange={(event) => onChange({ ...form, read: event.target.value as Form['read'] })}
        options={readOptions()}
      />
      <SelectField
        label={t('Who can add to it')}
        value={form.write}
        onChange={(event) => onChange({ ...form, write: event.target.value as Form['write'] })}
        options={[
          { value: 'Private', label: t('Me and contributors') },
          { value: 'Review', label: t('Everyone, with my approval') },
          { value: 'Public', label: t('Everybody') },
        ]}
      />
    </>
  );
}

function Change({ collection, onDone }: { collection: CollectionCard; onDone: () => void }) {
  const queries = useQueryClient();
  const own = useViewer()?.user?.username === collection.owner;
  const [form, setForm] = useState({
    name: collection.name,
    description: collection.description,
    read: collection.read,
    write: collection.write,
  });
  // Opening and closing it is its owner's affair, and bookmarks stay private.
  const modes = own && !collection.bookmarks;
  const work = useMutation({
    mutationFn: () => {
      const { name, description } = form;
      return collections.change(collection.id, modes ? form : { name, description });
    },
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
      {modes && <Modes form={form} onChange={setForm} />}
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onDone}>{t('Cancel')}</Button>
        <Button type="submit" variant="solid" busy={work.isPending} disabled={!form.name.trim()}>
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
  const [open, setOpen] = useState<'add' | 'words' | 'people' | 'delete' | null>(null);
  const [tidying, setTidying] = useState(false);
  const collection = found.data;
  usePageTitle(collection?.name);
  const follow = useMutation({
    mutationFn: (on: boolean) => collections.follow(id, on),
    onSuccess: (fresh, on) =>
      // The server counts a moment later.
      queries.setQueryData(collectionQuery(id).queryKey, (before) => {
        const followers = (before?.followerCount ?? 0) + (on ? 1 : -1);
        return { ...fresh, followerCount: Math.max(0, followers) };
      }),
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
            {collection.mayAdd && (
              <Button size="small" icon="plus" onClick={() => setOpen('add')}>
                {t('Add items')}
              </Button>
            )}
            {collection.mayManage && (
              <Button
                size="small"
                icon="rows"
                aria-pressed={tidying}
                onClick={() => setTidying(!tidying)}
              >
                {tidying ? t('Done') : t('Organise')}
              </Button>
            )}
            {collection.mayManage && (
              <Menu trigger={<Button size="small" icon="more" aria-label={t('More actions')} />}>
                <MenuItem icon="edit" onSelect={() => setOpen('words')}>
                  {t('Edit')}
                </MenuItem>
                {!collection.bookmarks && (
                  <MenuItem icon="people" onSelect={() => setOpen('people')}>
                    {t('Contributors')}
                  </MenuItem>
                )}
                {collection.mayDelete && (
                  <MenuItem icon="trash" danger onSelect={() => setOpen('delete')}>
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
          {collection.itemCount !== undefined && (
            <span>
              {t('{count, plural, =0 {empty} one {# item} other {# items}}', {
                count: collection.itemCount,
              })}
            </span>
          )}
          <span>
            {t('{count, plural, =0 {no followers} one {# follower} other {# followers}}', {
              count: collection.followerCount,
            })}
          </span>
        </div>
        {collection.description && <p className={styles.words}>{collection.description}</p>}
        {collection.mayManage && <Waiting collection={collection} />}
      </header>
      {tidying && collection.mayManage ? (
        <Tidying collection={collection} />
      ) : (
        <Items collection={collection} />
      )}
      <Dialog
        open={open === 'words'}
        onClose={() => setOpen(null)}
        title={t('Edit the collection')}
      >
        <Change collection={collection} onDone={() => setOpen(null)} />
      </Dialog>
      <Dialog
        open={open === 'delete'}
        onClose={() => setOpen(null)}
        title={t('Delete {name}?', { name: collection.name })}
      >
        <p>{t('This cannot be undone. The items themselves are not deleted.')}</p>
        <DialogActions>
          <Button onClick={() => setOpen(null)}>{t('Keep it')}</Button>
          <Button variant="danger" icon="trash" onClick={() => void remove()}>
            {t('Delete')}
          </Button>
        </DialogActions>
      </Dialog>
      <Add collection={collection} open={open === 'add'} onClose={() => setOpen(null)} />
      <Contributors id={id} open={open === 'people'} onClose={() => setOpen(null)} />
    </>
  );
}
