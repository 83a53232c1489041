import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { backends } from '../../../api/generation';
import type { Backend, BackendChanges } from '../../../api/generation';
import { t } from '../../../text/words';
import { Button } from '../../../ui/button';
import { Dialog, DialogActions } from '../../../ui/dialog';
import { Check, PasswordField, TextField } from '../../../ui/field';
import { useForm } from '../../../ui/form';
import { Form } from '../../../ui/form-parts';
import { say } from '../../../ui/toast';
import parts from '../administration.module.css';
import { withScheme } from './add';

/** Name, address and token. What is sent is only what was changed. */
export function Editing({ backend, onClose }: { backend: Backend; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(backend.name);
  const [url, setUrl] = useState(backend.url);
  const [token, setToken] = useState('');
  const [forget, setForget] = useState(false);
  const [model, setModel] = useState(backend.model);
  const form = useForm(
    ['name', 'url', 'token', 'model'],
    () => {
      const change: BackendChanges = {};
      if (name.trim() !== backend.name) change.name = name.trim();
      if (withScheme(url) !== backend.url) change.url = withScheme(url);
      if (forget) change.token = '';
      else if (token) change.token = token;
      if (model !== backend.model) change.model = model;
      return backends.change(backend.id, change);
    },
    async () => {
      say(t('Saved'));
      onClose();
      await queries.invalidateQueries({ queryKey: ['admin', 'backends'] });
    },
  );
  return (
    <Dialog open title={t('Edit {name}', { name: backend.name })} onClose={onClose}>
      <Form form={form} className={parts.form}>
        <TextField
          label={t('Name')}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={form.error('name')}
        />
        {backend.protocol !== 'sketch' && (
          <>
            <TextField
              label={t('Address')}
              hint={t('It is checked again when this changes. Running work continues.')}
              inputMode="url"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={500}
              value={url}
              onChange={(event) => setUrl(event.target.value)}
              error={form.error('url')}
            />
            <PasswordField
              label={backend.hasToken ? t('Another token') : t('Token')}
              optional
              hint={
                backend.hasToken
                  ? t('Leave empty to keep the current one.')
                  : t('A bearer token, or user:password. It is kept and never shown again.')
              }
              autoComplete="off"
              maxLength={500}
              disabled={forget}
              value={token}
              onChange={(event) => setToken(event.target.value)}
              error={form.error('token')}
            />
            {backend.hasToken && (
              <Check
                label={t('Forget the token')}
                checked={forget}
                onChange={(event) => setForget(event.target.checked)}
              />
            )}
          </>
        )}
        {backend.protocol === 'openai' && (
          <TextField
            label={t('Models')}
            optional
            hint={t('Names with commas between them, where the service cannot list its own.')}
            maxLength={200}
            value={model}
            onChange={(event) => setModel(event.target.value)}
            error={form.error('model')}
          />
        )}
        <DialogActions>
          <Button onClick={onClose}>{t('Cancel')}</Button>
          <Button type="submit" variant="solid" busy={form.busy}>
            {t('Save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
