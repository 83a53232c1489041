import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { collections, collectionsQuery } from '../../api/collections';
import type { CollectedKind, CollectionCard, CollectionFilter } from '../../api/collections';
import { imageQuery } from '../../api/images';
import { useViewer } from '../../api/session';
import { usePageTitle } from '../../frame/title';
import { subjectKindWords } from '../../text/kinds';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { readOptions, readWords } from '../../ui/collect';
import { Cover } from '../../ui/cover/cover';
import { Dialog, DialogActions } from '../../ui/dialog';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { Front } from '../../ui/picture/front';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { TabLink, TabLinks } from '../../ui/tabs';
import styles from './collections.module.css';

export function CollectionTile({ one }: { one: CollectionCard }) {
  const cover = useQuery({ ...imageQuery(one.coverImage ?? 0), enabled: Boolean(one.coverImage) });
  return (
    <article className={styles.card}>
      <div className={styles.cover}>
        {cover.data ? (
          <Front image={cover.data.image} name={one.name} width={260} shape={4 / 3} />
        ) : (
          <Cover seed={`collection ${one.id} ${one.name}`} type="LORA" />
        )}
      </div>
      <Link to="/collections/$id" params={{ id: String(one.id) }} className={styles.name}>
        {one.bookmarks ? t('Bookmarks') : one.name}
      </Link>
      <div className={styles.line}>
        <span>{one.owner}</span>
        <Badge>{subjectKindWords(one.kind)}</Badge>
        {one.read !== 'Public' && <Badge icon="lock">{readWords(one.read)}</Badge>}
      </div>
    </article>
  );
}

export function CollectionGrid({ filter, empty }: { filter: CollectionFilter; empty: string }) {
  const found = useInfiniteQuery(collectionsQuery(filter));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="14rem" />;
  const all = found.data.pages.flatMap((page) => page.items);
  if (!all.length) {
    return (
      <Empty icon="bookmark" title={empty}>
        {t('Collect models, images and posts with the button on their page.')}
      </Empty>
    );
  }
  return (
    <>
      <div className={styles.grid}>
        {all.map((one) => (
          <CollectionTile key={one.id} one={one} />
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

function Make({ onMade }: { onMade: (id: number) => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [kind, setKind] = useState<CollectedKind>('image');
  const [read, setRead] = useState<CollectionCard['read']>('Public');
  const work = useMutation({
    mutationFn: () => collections.create({ name: name.trim(), kind, read, description }),
    onSuccess: (made) => onMade(made.id),
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() && !work.isPending) work.mutate();
      }}
    >
      <TextField
        label={t('Name')}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={t('Contains')}
        value={kind}
        onChange={(event) => setKind(event.target.value as CollectedKind)}
        options={[
          { value: 'image', label: t('Images') },
          { value: 'model', label: t('Models') },
          { value: 'post', label: t('Posts') },
        ]}
      />
      <SelectField
        label={t('Visible to')}
        value={read}
        onChange={(event) => setRead(event.target.value as CollectionCard['read'])}
        options={readOptions()}
      />
      <TextArea
        label={t('Description')}
        optional
        rows={3}
        maxLength={2000}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button type="submit" variant="solid" busy={work.isPending} disabled={!name.trim()}>
          {t('Create collection')}
        </Button>
      </DialogActions>
    </form>
  );
}

const wholly = { exact: true, includeSearch: true };

/** What people put together: everybody's, one's own, and those one follows. */
export function CollectionsPage() {
  usePageTitle(t('Collections'));
  const { show } = useSearch({ from: '/collections' });
  const navigate = useNavigate();
  const user = useViewer()?.user;
  const [open, setOpen] = useState(false);
  const filter: CollectionFilter =
    user && show === 'mine'
      ? { mine: true }
      : user && show === 'followed'
        ? { followed: true }
        : {};
  return (
    <>
      <header className={styles.head}>
        <div className={styles.title}>
          <h1>{t('Collections')}</h1>
          {user && (
            <Button icon="plus" onClick={() => setOpen(true)}>
              {t('New collection')}
            </Button>
          )}
        </div>
        {user && (
          <TabLinks label={t('Collections')}>
            <TabLink to="/collections" search={{ show: undefined }} activeOptions={wholly}>
              {t('Everyone’s')}
            </TabLink>
            <TabLink to="/collections" search={{ show: 'mine' }} activeOptions={wholly}>
              {t('Mine')}
            </TabLink>
            <TabLink to="/collections" search={{ show: 'followed' }} activeOptions={wholly}>
              {t('Followed')}
            </TabLink>
          </TabLinks>
        )}
      </header>
      <CollectionGrid filter={filter} empty={t('No collection here yet')} />
      <Dialog open={open} onClose={() => setOpen(false)} title={t('New collection')}>
        <Make
          onMade={(id) => void navigate({ to: '/collections/$id', params: { id: String(id) } })}
        />
      </Dialog>
    </>
  );
}
