import { useMutation, useQueryClient } from '@tanstack/react-query';
import { backends } from '../../../api/generation';
import type { Backend } from '../../../api/generation';
import { duration } from '../../../text/format';
import { t } from '../../../text/words';
import { Button } from '../../../ui/button';
import { Dialog, DialogActions } from '../../../ui/dialog';
import { Notice } from '../../../ui/state';
import { say } from '../../../ui/toast';

interface RemovingProps {
  backend: Backend;
  onDrain: () => void;
  onClose: () => void;
}

/** Only an idle backend can go; one at work is drained first. */
export function Removing({ backend, onDrain, onClose }: RemovingProps) {
  const queries = useQueryClient();
  const { id, name, running, busyS, draining, protocol } = backend;
  const remove = useMutation({
    mutationFn: () => backends.remove(id),
    onSuccess: () => {
      say(t('{name} was removed', { name }));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'backends'] }),
  });
  return (
    <Dialog open title={t('Remove {name}?', { name })} onClose={onClose}>
      {running > 0 ? (
        <Notice tone="warning" title={t('It is busy')}>
          {t(
            '{count, plural, one {# job is} other {# jobs are}} running there. It can be removed when nothing runs.',
            { count: running },
          )}{' '}
          {busyS > 0 && t('The next is done in about {time}.', { time: duration(busyS) })}{' '}
          {draining ? t('It gets nothing new.') : t('Drain it so that it gets nothing new.')}
        </Notice>
      ) : (
        <p>
          {t('Pictures that it made stay. What was learnt of its speed is forgotten.')}{' '}
          {protocol === 'sketch' && t('It can be added again under “On this machine”.')}
        </p>
      )}
      {remove.isError && (
        <Notice tone="danger" alert>
          {remove.error.message}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('Keep it')}</Button>
        {running > 0 && !draining && (
          <Button icon="pause" onClick={onDrain}>
            {t('Drain')}
          </Button>
        )}
        <Button
          variant="danger"
          icon="trash"
          disabled={running > 0}
          busy={remove.isPending}
          onClick={() => remove.mutate()}
        >
          {t('Remove')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
