import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { administration, settingsQuery } from '../../api/administration';
import type { Settings } from '../../api/administration';
import { useViewer, viewerQuery } from '../../api/session';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { SelectField, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Bone, Failure, Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import styles from './administration.module.css';

const gigabyte = 1_000_000_000;

function SettingsForm({ settings }: { settings: Settings }) {
  const queries = useQueryClient();
  const [siteName, setSiteName] = useState(settings.siteName);
  const [registration, setRegistration] = useState(settings.registration);
  const [limit, setLimit] = useState(
    settings.storageLimit ? String(settings.storageLimit / gigabyte) : '',
  );
  const form = useForm(
    ['siteName', 'registration', 'storageLimit'],
    () =>
      administration.change({
        siteName,
        registration,
        storageLimit: limit.trim() ? Math.round(Number(limit) * gigabyte) : null,
      }),
    async () => {
      await queries.invalidateQueries({ queryKey: settingsQuery.queryKey });
      await queries.invalidateQueries({ queryKey: viewerQuery.queryKey });
      say(t('Saved'));
    },
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {form.rest && (
        <Notice tone="danger" alert>
          {form.rest}
        </Notice>
      )}
      <TextField
        label={t('Name of this place')}
        value={siteName}
        onChange={(event) => setSiteName(event.target.value)}
        error={form.error('siteName')}
      />
      <SelectField
        label={t('Who may make an account')}
        value={registration}
        onChange={(event) => setRegistration(event.target.value as Settings['registration'])}
        error={form.error('registration')}
        options={[
          { value: 'open', label: t('Everybody') },
          { value: 'invite', label: t('Those with an invitation') },
          { value: 'closed', label: t('Nobody') },
        ]}
      />
      <TextField
        label={t('Storage for each member, in GB')}
        optional
        inputMode="decimal"
        value={limit}
        onChange={(event) => setLimit(event.target.value)}
        error={form.error('storageLimit')}
        hint={t('Empty means no limit.')}
      />
      <div>
        <Button type="submit" variant="solid" busy={form.busy}>
          {t('Save')}
        </Button>
      </div>
    </form>
  );
}

function Demo() {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: administration.removeDemo,
    onSuccess: async () => {
      setAsking(false);
      await queries.invalidateQueries();
      say(t('The demo is gone'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <section className={styles.section}>
      <h2>{t('Demo community')}</h2>
      <p>
        {t(
          'Made-up models and people, each marked as demo, to show what this place can look like.',
        )}
      </p>
      <div>
        <Button icon="trash" onClick={() => setAsking(true)}>
          {t('Remove the demo')}
        </Button>
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
      <SettingsForm settings={found.data} />
      <Demo />
    </>
  );
}
