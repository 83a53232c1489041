import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, demoQuery, settingsQuery } from '../../api/administration';
import { useNews } from '../../api/live';
import { useViewer } from '../../api/session';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { Bone, Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { SettingsGroupForm } from './settings-group';
import styles from './administration.module.css';

function Demo() {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const demo = useQuery(demoQuery).data;
  useNews('jobs', demoQuery.queryKey, 'demo.');
  const remove = useMutation({
    mutationFn: administration.removeDemo,
    onSuccess: async () => {
      setAsking(false);
      await queries.invalidateQueries();
      say(t('The demo is being removed, model by model. Jobs shows how far it is.'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const add = useMutation({
    mutationFn: administration.addDemo,
    onSuccess: () => say(t('The demo is being made. Its models appear in a moment.')),
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <section className={styles.section}>
      <h2>{t('Demo community')}</h2>
      <p>
        {t(
          'Made-up models and people, each marked as demo, to show what this place can look like.',
        )}{' '}
        {demo?.present &&
          t('{count, plural, one {# model of it is here.} other {# models of it are here.}}', {
            count: demo.models,
          })}
      </p>
      <div className={styles.choices}>
        {demo?.present ? (
          <Button icon="trash" onClick={() => setAsking(true)}>
            {t('Remove the demo')}
          </Button>
        ) : (
          <Button busy={!demo || add.isPending} onClick={() => add.mutate()}>
            {t('Add the demo')}
          </Button>
        )}
      </div>
      <Dialog open={asking} onClose={() => setAsking(false)} title={t('Remove the demo?')}>
        <p>{t('Its models, files and people go, for good. What you and others made stays.')}</p>
        <DialogActions>
          <Button onClick={() => setAsking(false)}>{t('Keep it')}</Button>
          <Button variant="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t('Remove')}
          </Button>
        </DialogActions>
      </Dialog>
    </section>
  );
}

export function SettingsPart() {
  const found = useQuery(settingsQuery);
  const viewer = useViewer();
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="14rem" />;
  return (
    <>
      {viewer && !viewer.secure && (
        <Notice tone="warning" title={t('TLS is off')}>
          {t(
            'Passwords and files cross the network unencrypted. Give the server a certificate in atelier.toml, or put it behind a proxy that has one.',
          )}
        </Notice>
      )}
      {found.data.map((group) => (
        <SettingsGroupForm key={group.name} group={group} />
      ))}
      <Demo />
    </>
  );
}
