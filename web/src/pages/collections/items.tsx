import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  collectionFeed,
  collectionItemsQuery,
  collectionKey,
  collectionQuery,
  collections,
  thingsQuery,
} from '../../api/collections';
import type { CollectionCard, Things } from '../../api/collections';
import type { Pictured } from '../../api/images';
import { coverOf } from '../../api/models';
import type { Body } from '../../api/shapes';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { FeedGallery } from '../../ui/gallery';
import { Icon } from '../../ui/icon';
import { MediaCard } from '../../ui/media-card';
import { Front } from '../../ui/picture/front';
import { imageWords } from '../../ui/picture/tile';
import { PostCard, postWords } from '../../ui/post-card';
import { Bone, Empty, Failure } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './collections.module.css';

type Item = Body<'CollectionItemCard'>;

function Nothing() {
  return (
    <Empty icon="bookmark" title={t('Nothing in it yet')}>
      {t('Use the Collect button on the page of a model, an image or a post.')}
    </Empty>
  );
}

function Images({ collection }: { collection: CollectionCard }) {
  const { id, updatedAt } = collection;
  // What was put in or taken out meanwhile made it another list.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const feed = useMemo(() => collectionFeed(id), [id, updatedAt]);
  return (
    <FeedGallery
      feed={feed}
      list={collectionKey(id)}
      label={t('Images')}
      empty={<Nothing />}
    />
  );
}

function Cards({ collection, items }: { collection: CollectionCard; items: Item[] }) {
  const found = useQuery(
    thingsQuery(
      collection.kind,
      items.map((item) => item.id),
    ),
  );
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="16rem" />;
  return (
    <>
      {found.data.models.map((model) => (
        <MediaCard key={model.id} model={model} />
      ))}
      {found.data.posts.map((post) => (
        <PostCard key={post.id} post={post} />
      ))}
    </>
  );
}

/** What the collection holds, the newest first. */
export function Items({ collection }: { collection: CollectionCard }) {
  if (collection.kind === 'image') return <Images collection={collection} />;
  return (
    <Parts collection={collection}>
      {(parts) => (
        <div className={styles.grid}>
          {parts.map((items) => (
            <Cards key={items[0]?.id} collection={collection} items={items} />
          ))}
        </div>
      )}
    </Parts>
  );
}

interface PartsProps {
  collection: CollectionCard;
  children: (parts: Item[][]) => React.ReactNode;
}

function Parts({ collection, children }: PartsProps) {
  const found = useInfiniteQuery(collectionItemsQuery(collection.id));
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="16rem" />;
  const parts = found.data.pages.map((page) => page.items).filter((items) => items.length);
  if (!parts.length) return <Nothing />;
  return (
    <>
      {children(parts)}
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

interface Look {
  name: string;
  picture: Pictured | undefined;
}

/** How the things of a part look and what they are called, by id. */
function looksOf({ images, models, posts }: Things): Map<number, Look> {
  return new Map<number, Look>([
    ...images.map((one): [number, Look] => [one.id, { name: imageWords(one), picture: one }]),
    ...models.map((one): [number, Look] => [one.id, { name: one.name, picture: coverOf(one) }]),
    ...posts.map((one): [number, Look] => [
      one.id,
      { name: postWords(one), picture: one.images[0] },
    ]),
  ]);
}

function useTidying(collection: CollectionCard) {
  const queries = useQueryClient();
  const { id } = collection;
  const renew = () => queries.invalidateQueries({ queryKey: ['collections'] });
  const fail = (error: Error) => say(error.message, { bad: true });
  const cover = useMutation({
    mutationFn: (image: number | null) => collections.change(id, { coverImage: image }),
    onSuccess: (fresh) => {
      queries.setQueryData(collectionQuery(id).queryKey, fresh);
      say(fresh.coverImage ? t('Cover changed') : t('Cover removed'));
    },
    onError: fail,
    onSettled: renew,
  });
  const put = useMutation({
    mutationFn: ({ item, on }: { item: number; on: boolean }) => collections.put(id, item, on),
    onSuccess: (_state, { item, on }) =>
      on
        ? say(t('Put back'))
        : say(t('Removed'), {
            action: { label: t('Undo'), run: () => put.mutate({ item, on: true }) },
          }),
    onError: fail,
    onSettled: renew,
  });
  return { cover, put };
}

interface RowsProps {
  collection: CollectionCard;
  items: Item[];
  actions: (item: Item, look: Partial<Look>) => React.ReactNode;
}

/** Things of a collection as rows: how they look, who put them in, what can be done. */
export function Rows({ collection, items, actions }: RowsProps) {
  const ids = items.map((item) => item.id);
  const things = useQuery(thingsQuery(collection.kind, ids)).data;
  const looks = useMemo(() => (things ? looksOf(things) : new Map<number, Look>()), [things]);
  return items.map((item) => {
    const { picture, name = item.title || item.address } = looks.get(item.id) ?? {};
    return (
      <li key={item.id} className={styles.row}>
        <div className={styles.thumb}>
          {picture ? (
            <Front image={picture} name={name} width={56} shape={1} />
          ) : (
            <Icon name="image" />
          )}
        </div>
        <div>
          <a href={item.address}>{name}</a>
          <div className={styles.line}>
            <span>{t('added by {name}', { name: item.addedBy })}</span>
            <Time at={item.addedAt} />
          </div>
        </div>
        <div className={styles.actions}>{actions(item, { picture, name })}</div>
      </li>
    );
  });
}

/** The same as rows, for who keeps it in order. */
export function Tidying({ collection }: { collection: CollectionCard }) {
  const { cover, put } = useTidying(collection);
  const actions = (item: Item, { picture, name }: Partial<Look>) => (
    <>
      {picture && (
        <Button
          size="small"
          icon={collection.coverImage === picture.id ? 'check' : 'image'}
          aria-pressed={collection.coverImage === picture.id}
          aria-label={t('{name} as the cover', { name })}
          onClick={() => cover.mutate(collection.coverImage === picture.id ? null : picture.id)}
        >
          {t('Cover')}
        </Button>
      )}
      <Button
        size="small"
        icon="cross"
        aria-label={t('Remove {name}', { name })}
        onClick={() => put.mutate({ item: item.id, on: false })}
      >
        {t('Remove')}
      </Button>
    </>
  );
  return (
    <Parts collection={collection}>
      {(parts) => (
        <ol className={styles.rows} aria-label={t('What is in it')}>
          {parts.map((items) => (
            <Rows key={items[0]?.id} collection={collection} items={items} actions={actions} />
          ))}
        </ol>
      )}
    </Parts>
  );
}
