import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { backends } from '../../../api/generation';
import type { IdentifiedBackend } from '../../../api/generation';
import { protocolWords } from '../../../text/backends';
import { t } from '../../../text/words';
import { Button } from '../../../ui/button';
import { PasswordField, SelectField, TextField } from '../../../ui/field';
import { useForm } from '../../../ui/form';
import { Form } from '../../../ui/form-parts';
import { Notice } from '../../../ui/state';
import { say } from '../../../ui/toast';
import parts from '../administration.module.css';
import { OfferView } from './offer';
import styles from './backends.module.css';

/** The painter is built in: it has no address. */
const protocols = ['comfyui', 'automatic1111', 'openai'];

/** People leave out the scheme: 192.168.1.5:8188 is meant as http. */
export function withScheme(address: string): string {
  const text = address.trim();
  return text === '' || text.includes('://') ? text : `http://${text}`;
}

interface Wanted {
  url: string;
  protocol: string;
  token: string;
  model: string;
}

interface FoundProps {
  found: IdentifiedBackend;
  wanted: Wanted;
  done: () => void;
}

/** Why nothing answered, for each kind of program that was tried. */
function Refused({ found, wanted, done }: FoundProps) {
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: () =>
      backends.add({
        name: wanted.url.replace(/^https?:\/\//, '').slice(0, 100),
        protocol: wanted.protocol,
        url: wanted.url,
        token: wanted.token || undefined,
        model: wanted.model || undefined,
      }),
    onSuccess: done,
    onError: (error) => say(error.message, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['admin', 'backends'] }),
  });
  return (
    <>
      <Notice tone="warning" title={t('No known program answers at this address')} alert>
        {t('Check that the program runs, that its address is right and reachable from the server.')}
        <ul className={styles.refused}>
          {found.refused.map((one) => (
            <li key={`${one.protocol} ${one.url}`}>
              {t('{kind}, at {url}: {problem}', {
                kind: protocolWords(one.protocol),
                url: one.url,
                problem: one.problem,
              })}
            </li>
          ))}
        </ul>
      </Notice>
      {wanted.protocol && (
        <div>
          <Button busy={add.isPending} onClick={() => add.mutate()}>
            {t('Add it anyway')}
          </Button>
        </div>
      )}
    </>
  );
}

function Answered({ found, wanted, done }: FoundProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(found.offer?.title ?? '');
  const form = useForm(
    ['name'],
    () =>
      backends.add({
        name: name.trim(),
        protocol: found.protocol,
        url: found.url,
        token: wanted.token || undefined,
        model: wanted.model || undefined,
      }),
    async (made) => {
      say(t('{name} was added', { name: made.name }));
      done();
      await queries.invalidateQueries({ queryKey: ['admin', 'backends'] });
    },
  );
  return (
    <Form form={form} className={parts.form}>
      <Notice tone="success" title={t('{title} is online', { title: found.offer?.title })}>
        {protocolWords(found.protocol)} · {found.url}
      </Notice>
      {found.offer && <OfferView offer={found.offer} />}
      <TextField
        label={t('Name')}
        hint={t('Members see it beside what it made.')}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={form.error('name')}
      />
      <div>
        <Button type="submit" variant="solid" icon="plus" busy={form.busy}>
          {t('Add it')}
        </Button>
      </div>
    </Form>
  );
}

/** Asks an address what it is, shows what it offers, and adds it. */
export function AddByAddress() {
  const [url, setUrl] = useState('');
  const [protocol, setProtocol] = useState('');
  const [token, setToken] = useState('');
  const [model, setModel] = useState('');
  const [found, setFound] = useState<{ reply: IdentifiedBackend; wanted: Wanted } | null>(null);
  const form = useForm(
    ['url', 'protocol', 'token', 'model'],
    async () => {
      const wanted = {
        url: withScheme(url),
        protocol,
        token,
        model: protocol === 'openai' ? model : '',
      };
      const reply = await backends.identify({
        url: wanted.url,
        protocol: protocol || undefined,
        token: token || undefined,
        model: wanted.model || undefined,
      });
      return { reply, wanted };
    },
    setFound,
  );
  const changing = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    setFound(null);
  };
  const done = () => {
    for (const set of [setUrl, setToken, setModel]) set('');
    setFound(null);
  };
  return (
    <section className={parts.card} aria-label={t('By address')}>
      <h2>{t('By address')}</h2>
      <Form form={form} className={parts.form}>
        <TextField
          label={t('Address')}
          placeholder="http://192.168.1.5:8188"
          inputMode="url"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={500}
          value={url}
          onChange={changing(setUrl)}
          error={form.error('url')}
        />
        <SelectField
          label={t('Kind of program')}
          value={protocol}
          onChange={changing(setProtocol)}
          error={form.error('protocol')}
          options={[
            { value: '', label: t('Detect') },
            ...protocols.map((value) => ({ value, label: protocolWords(value) })),
          ]}
        />
        <PasswordField
          label={t('Token')}
          optional
          hint={t('A bearer token, or user:password. It is kept and never shown again.')}
          autoComplete="off"
          maxLength={500}
          value={token}
          onChange={changing(setToken)}
          error={form.error('token')}
        />
        {protocol === 'openai' && (
          <TextField
            label={t('Models')}
            optional
            hint={t('Names with commas between them, where the service cannot list its own.')}
            maxLength={200}
            value={model}
            onChange={changing(setModel)}
            error={form.error('model')}
          />
        )}
        <div>
          <Button type="submit" icon="search" busy={form.busy} disabled={!url.trim()}>
            {t('Check it')}
          </Button>
        </div>
      </Form>
      {found &&
        (found.reply.offer ? (
          <Answered found={found.reply} wanted={found.wanted} done={done} />
        ) : (
          <Refused found={found.reply} wanted={found.wanted} done={done} />
        ))}
    </section>
  );
}
