import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { collections, placesQuery } from '../api/collections';
import type { Collected } from '../api/collections';
import { useMarks } from '../api/community';
import { useViewer } from '../api/session';
import type { Body } from '../api/shapes';
import { t } from '../text/words';
import { Button } from './button';
import { Dialog, DialogActions } from './dialog';
import { Check, SelectField, TextField } from './field';
import { Bone, Failure, Notice } from './state';
import { say } from './toast';
import styles from './collect.module.css';

type Read = Body<'CollectionRead'>;

export function readWords(read: Read): string {
  switch (read) {
    case 'Private':
      return t('Private');
    case 'Unlisted':
      return t('Who has the link');
    default:
      return t('Public');
  }
}

export const readOptions = () =>
  (['Private', 'Unlisted', 'Public'] as const).map((value) => ({ value, label: readWords(value) }));

/** What became of a thing that was put in or taken out. */
export function putWords(status: Body<'ItemStatus'> | undefined): string {
  switch (status) {
    case 'REVIEW':
      return t('Sent to the owner for approval');
    case 'ACCEPTED':
      return t('Added');
    case 'REJECTED':
      return t('Its owner did not want it before');
    default:
      return t('Removed');
  }
}

function NewCollection({ thing, onMade }: { thing: Collected; onMade: () => void }) {
  const [name, setName] = useState('');
  const [read, setRead] = useState<Read>('Private');
  const work = useMutation({
    mutationFn: async () => {
      const made = await collections.create({ name: name.trim(), kind: thing.kind, read });
      await collections.put(made.id, thing.id, true);
      // The first image is its face until another one is chosen.
      if (thing.kind === 'image') await collections.change(made.id, { coverImage: thing.id });
    },
    onSuccess: () => {
      setName('');
      onMade();
    },
  });
  return (
    <form
      className={styles.new}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() && !work.isPending) work.mutate();
      }}
    >
      <div className={styles.pair}>
        <TextField
          label={t('New collection')}
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t('Visible to')}
          value={read}
          onChange={(event) => setRead(event.target.value as Read)}
          options={readOptions()}
        />
      </div>
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button type="submit" icon="plus" busy={work.isPending} disabled={!name.trim()}>
          {t('Create and add')}
        </Button>
      </DialogActions>
    </form>
  );
}

function Places({ thing }: { thing: Collected }) {
  const queries = useQueryClient();
  const found = useQuery(placesQuery(thing));
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['collections'] }),
      queries.invalidateQueries({ queryKey: ['marks', thing.kind, thing.id] }),
    ]);
  const put = useMutation({
    mutationFn: ({ id, on }: { id: number; on: boolean }) => collections.put(id, thing.id, on),
    onSuccess: ({ status }) => say(putWords(status)),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: refresh,
  });
  const keep = useMutation({
    mutationFn: () => collections.bookmark(thing, true),
    onSuccess: () => say(t('Added')),
    onError: (error) => say(error.message, { bad: true }),
    onSettled: refresh,
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="6rem" />;
  return (
    <>
      <div className={styles.places} role="group" aria-label={t('Your collections')}>
        {!found.data.items.some((place) => place.bookmarks) && (
          <div className={styles.place}>
            <Check checked={keep.isPending} onChange={() => keep.mutate()} label={t('Bookmarks')} />
            <small>{readWords('Private')}</small>
          </div>
        )}
        {found.data.items.map((place) => (
          <div key={place.id} className={styles.place}>
            <Check
              checked={
                put.isPending && put.variables.id === place.id
                  ? put.variables.on
                  : place.status !== undefined && place.status !== 'REJECTED'
              }
              onChange={(event) => put.mutate({ id: place.id, on: event.target.checked })}
              label={place.bookmarks ? t('Bookmarks') : place.name}
              hint={place.status === 'REVIEW' ? t('waiting for approval') : undefined}
            />
            <small>{readWords(place.read)}</small>
          </div>
        ))}
      </div>
      <NewCollection thing={thing} onMade={() => void refresh().then(() => say(t('Added')))} />
    </>
  );
}

/** Opens the list of collections this can be put into, with a new one made on the way. */
export function CollectButton({ thing, small }: { thing: Collected; small?: boolean }) {
  const [open, setOpen] = useState(false);
  const viewer = useViewer();
  const navigate = useNavigate();
  const marks = useMarks(thing);
  return (
    <>
      <Button
        size={small ? 'small' : 'medium'}
        icon="bookmark"
        aria-pressed={marks?.bookmarked ?? false}
        onClick={() => {
          if (viewer?.user) setOpen(true);
          else void navigate({ to: '/sign-in', search: { next: location.pathname } });
        }}
      >
        {t('Collect')}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={t('Add to a collection')}>
        <Places thing={thing} />
      </Dialog>
    </>
  );
}
