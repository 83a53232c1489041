import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { presets, presetsQuery } from '../../api/generation';
import type { Preset } from '../../api/generation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Bone, Failure } from '../../ui/state';
import { say } from '../../ui/toast';
import { draftOf, requestOf } from './draft';
import type { Change, Draft } from './draft';
import { workflowWords } from '../generations/words';
import styles from './panel.module.css';

interface PresetsProps {
  draft: Draft;
  change: Change;
  onClose: () => void;
}

function useDeleting() {
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: presetsQuery.queryKey });
  return async (preset: Preset) => {
    try {
      await presets.remove(preset.id);
      await renew();
    } catch (error) {
      say((error as Error).message, { bad: true });
      return;
    }
    say(t('Deleted'), {
      action: {
        label: t('Undo'),
        run: () => void presets.keep(preset.name, preset.request).then(renew, () => undefined),
      },
    });
  };
}

/** What the panel holds, kept under a name: for the next time, in any browser. */
export function Presets({ draft, change, onClose }: PresetsProps) {
  const queries = useQueryClient();
  const found = useQuery(presetsQuery);
  const remove = useDeleting();
  const [name, setName] = useState('');
  const all = found.data?.items ?? [];
  const there = all.some((one) => one.name === name.trim());
  const keep = useMutation({
    mutationFn: () => presets.keep(name.trim(), requestOf(draft)),
    onSuccess: async () => {
      setName('');
      say(t('Kept'));
      await queries.invalidateQueries({ queryKey: presetsQuery.queryKey });
    },
  });

  function load(preset: Preset) {
    change(() => draftOf(preset.request));
    onClose();
    say(t('{name} loaded', { name: preset.name }), {
      action: { label: t('Undo'), run: () => change(() => draft) },
    });
  }

  return (
    <Dialog open title={t('Presets')} onClose={onClose}>
      <form
        className={styles.keep}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) keep.mutate();
        }}
      >
        <TextField
          label={t('Save the panel as')}
          maxLength={100}
          value={name}
          error={keep.error?.message}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={!name.trim()} busy={keep.isPending}>
          {there ? t('Replace') : t('Keep')}
        </Button>
      </form>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Bone height="4rem" />
      ) : all.length === 0 ? (
        <p className={styles.quiet}>{t('None yet. A preset holds everything but the mask.')}</p>
      ) : (
        <ul className={styles.presets} aria-label={t('Presets')}>
          {all.map((preset) => (
            <li key={preset.id}>
              <button type="button" onClick={() => load(preset)}>
                <strong>{preset.name}</strong>
                <span>
                  {preset.request.prompt || workflowWords(preset.request.workflow ?? 'txt2img')}
                </span>
              </button>
              <Button
                size="small"
                variant="ghost"
                icon="trash"
                aria-label={t('Delete {name}', { name: preset.name })}
                onClick={() => void remove(preset)}
              />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
