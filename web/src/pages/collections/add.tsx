import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { collections } from '../../api/collections';
import type { CollectionCard } from '../../api/collections';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { putWords } from '../../ui/collect';
import { Dialog, DialogActions } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { numberIn } from '../../text/address';
import styles from './collections.module.css';

function labelOf(kind: CollectionCard['kind']): string {
  switch (kind) {
    case 'image':
      return t('Address of an image');
    case 'model':
      return t('Address of a model');
    case 'post':
      return t('Address of a post');
  }
}

function Form({ collection, onDone }: { collection: CollectionCard; onDone: () => void }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const found = numberIn(text, collection.kind);
  const work = useMutation({
    mutationFn: (item: number) => collections.put(collection.id, item, true),
    onSuccess: async ({ status }) => {
      await queries.invalidateQueries({ queryKey: ['collections'] });
      say(putWords(status));
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (found && !work.isPending) work.mutate(found);
      }}
    >
      <TextField
        label={labelOf(collection.kind)}
        hint={t('Copy it from the browser’s address bar.')}
        error={text && !found ? t('This is not an address of that kind.') : undefined}
        placeholder={`${location.origin}/${collection.kind}s/1`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {work.isError && (
        <Notice tone="danger" alert>
          {work.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onDone}>{t('Cancel')}</Button>
        <Button type="submit" variant="solid" busy={work.isPending} disabled={!found}>
          {t('Add')}
        </Button>
      </DialogActions>
    </form>
  );
}

interface AddProps {
  collection: CollectionCard;
  open: boolean;
  onClose: () => void;
}

/** Puts something in by its address, also where only its owner then decides. */
export function Add({ collection, open, onClose }: AddProps) {
  const title = t('Add to {name}', { name: collection.name });
  return (
    <Dialog open={open} onClose={onClose} title={title}>
      <Form collection={collection} onDone={onClose} />
    </Dialog>
  );
}
