import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/session';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { copy } from '../../ui/copy';
import { Dialog, DialogActions } from '../../ui/dialog';
import { Check, SelectField, TextField } from '../../ui/field';
import { useForm } from '../../ui/form';
import { Form } from '../../ui/form-parts';
import { Bone, Empty, Failure, Notice } from '../../ui/state';
import { Time } from '../../ui/time';
import { say } from '../../ui/toast';
import styles from './settings.module.css';

const lives = () => [
  { value: '', label: t('Never') },
  { value: '30', label: t('In 30 days') },
  { value: '90', label: t('In 90 days') },
  { value: '365', label: t('In a year') },
];

/** What a key may do. Scopes of features that are not built yet are not offered. */
const scopes = () => [
  { name: 'read', label: t('Read'), hint: t('Models, files and your profile') },
  { name: 'models_write', label: t('Publish and change models'), hint: t('Also uploads files') },
  { name: 'models_delete', label: t('Delete models'), hint: t('They can be restored') },
  { name: 'user_write', label: t('Change your profile'), hint: t('Never your password') },
  { name: 'all', label: t('Everything'), hint: t('Only for programs you trust like yourself') },
];

function NewKey({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>(['read']);
  const [days, setDays] = useState('90');
  const [made, setMade] = useState<string | null>(null);
  const form = useForm(
    ['name', 'scopes', 'expiresAt'],
    () =>
      keys.create({
        name,
        scopes: chosen,
        expiresAt: days
          ? new Date(Date.now() + Number(days) * 86_400_000).toISOString()
          : undefined,
      }),
    async (reply) => {
      setMade(reply.key ?? '');
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  );
  if (made) {
    return (
      <>
        <Notice tone="success" title={t('Copy the key now')}>
          {t('It is shown once and cannot be read again.')}
        </Notice>
        <div className={styles.secret}>
          <code>{made}</code>
          <Button icon="copy" onClick={() => copy(made, t('the key'))}>
            {t('Copy')}
          </Button>
        </div>
        <DialogActions>
          <Button variant="solid" onClick={onClose}>
            {t('I have copied it')}
          </Button>
        </DialogActions>
      </>
    );
  }
  return (
    <Form form={form} className={styles.section}>
      <TextField
        label={t('Name')}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={form.error('name')}
        hint={t('Which program uses it.')}
      />
      <fieldset className={styles.scopes}>
        <legend>{t('It may')}</legend>
        {scopes().map(({ name, label, hint }) => (
          <Check
            key={name}
            checked={chosen.includes(name)}
            onChange={(event) =>
              setChosen(
                event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name),
              )
            }
            label={label}
            hint={hint}
          />
        ))}
      </fieldset>
      {form.error('scopes') && <Notice tone="danger">{form.error('scopes')}</Notice>}
      <SelectField
        label={t('Expires')}
        value={days}
        onChange={(event) => setDays(event.target.value)}
        options={lives()}
        error={form.error('expiresAt')}
      />
      <DialogActions>
        <Button onClick={onClose}>{t('Cancel')}</Button>
        <Button type="submit" variant="solid" busy={form.busy}>
          {t('Make the key')}
        </Button>
      </DialogActions>
    </Form>
  );
}

export function KeysPart() {
  const queries = useQueryClient();
  const [making, setMaking] = useState(false);
  const found = useQuery({ queryKey: ['keys'], queryFn: keys.list });
  const revoke = useMutation({
    mutationFn: keys.revoke,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] });
      say(t('The key no longer works'));
    },
    onError: (error) => say(error.message, { bad: true }),
  });
  const make = (
    <Button variant="solid" icon="plus" onClick={() => setMaking(true)}>
      {t('Make a key')}
    </Button>
  );
  return (
    <section className={styles.section}>
      <header>
        <h2>{t('API keys')}</h2>
        <p>
          {t(
            'A program uses a key in place of your password, with “Authorization: Bearer …”. Give each only what it needs.',
          )}
        </p>
      </header>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Bone height="8rem" />
      ) : found.data.items.length === 0 ? (
        <Empty icon="key" title={t('You have no keys')} actions={make}>
          {t('Make one for a downloader, for ComfyUI, or for your own script.')}
        </Empty>
      ) : (
        <>
          <ul className={styles.list}>
            {found.data.items.map((key) => (
              <li key={key.id}>
                <div>
                  <strong>{key.name}</strong>
                  <div className={styles.facts}>
                    <code>{key.hint}…</code>
                    <span>{key.scopes.join(', ')}</span>
                    <span>
                      {key.usedAt ? (
                        <>
                          {t('last used')} <Time at={key.usedAt} />
                        </>
                      ) : (
                        t('never used')
                      )}
                    </span>
                    {key.expiresAt && (
                      <span>
                        {t('expires')} <Time at={key.expiresAt} />
                      </span>
                    )}
                  </div>
                </div>
                <Button
                  size="small"
                  busy={revoke.isPending && revoke.variables === key.id}
                  onClick={() => revoke.mutate(key.id)}
                  aria-label={t('Revoke {name}', { name: key.name })}
                >
                  {t('Revoke')}
                </Button>
              </li>
            ))}
          </ul>
          <div>{make}</div>
        </>
      )}
      <Dialog open={making} onClose={() => setMaking(false)} title={t('Make a key')}>
        <NewKey onClose={() => setMaking(false)} />
      </Dialog>
    </section>
  );
}
