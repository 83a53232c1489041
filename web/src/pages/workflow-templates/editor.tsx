import { useMutation } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { templates } from '../../api/generation';
import { generating } from '../../frame/generator';
import { t } from '../../text/words';
import { Button, ButtonLink } from '../../ui/button';
import { Dialog, DialogActions } from '../../ui/dialog';
import { SelectField, TextArea, TextField } from '../../ui/field';
import { Rest } from '../../ui/form-parts';
import { say } from '../../ui/toast';
import { faultsOf } from './draft';
import type { Draft } from './draft';
import { nodesOf } from './graph';
import { ParameterPart } from './parameter-part';
import { TryPart } from './try-part';
import { useTemplate } from './use-template';
import { audienceWords } from './words';
import { WorkflowPart } from './workflow-part';
import styles from './templates.module.css';

const audiences: Draft['audience'][] = ['members', 'administrators'];

/** Asks before what was written is left behind. */
function Leaving({ losing }: { losing: () => boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: losing,
    enableBeforeUnload: losing,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog open title={t('Leave without saving?')} onClose={blocker.reset}>
      <p>{t('What you changed in this template would be lost.')}</p>
      <DialogActions>
        <Button onClick={blocker.proceed}>{t('Leave')}</Button>
        <Button variant="solid" onClick={blocker.reset}>
          {t('Stay')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface DeletingProps {
  id: number;
  name: string;
  onClose: () => void;
  onDone: () => void;
}

function Deleting({ id, name, onClose, onDone }: DeletingProps) {
  const remove = useMutation({
    mutationFn: () => templates.remove(id),
    onSuccess: onDone,
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <Dialog open title={t('Delete {name}?', { name })} onClose={onClose}>
      <p>{t('Nobody can use it any more. Pictures that were made with it stay as they are.')}</p>
      <DialogActions>
        <Button onClick={onClose}>{t('Keep it')}</Button>
        <Button
          variant="danger"
          icon="trash"
          busy={remove.isPending}
          onClick={() => remove.mutate()}
        >
          {t('Delete')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface AboutProps {
  draft: Draft;
  change: (some: Partial<Draft>) => void;
  error: (member: string) => string | undefined;
}

function AboutPart({ draft, change, error }: AboutProps) {
  return (
    <section className={styles.part} aria-label={t('About it')}>
      <div className={styles.fields}>
        <TextField
          label={t('Name')}
          maxLength={100}
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          error={error('name')}
        />
        <SelectField
          label={t('Who can use it')}
          value={draft.audience}
          onChange={(event) => change({ audience: event.target.value as Draft['audience'] })}
          options={audiences.map((value) => ({ value, label: audienceWords(value) }))}
          error={error('audience')}
        />
      </div>
      <TextArea
        label={t('What it is for')}
        optional
        rows={2}
        maxLength={2000}
        value={draft.detail}
        onChange={(event) => change({ detail: event.target.value })}
        error={error('detail')}
      />
    </section>
  );
}

interface EditorProps {
  /** Absent: it is new. */
  id?: number;
  start: Draft;
}

/** A template as administrators write it: its graph, the names of its inputs, and a trial. */
export function Editor({ id, start }: EditorProps) {
  const { draft, change, form, dirty, losing, deleted } = useTemplate(id, start);
  const [deleting, setDeleting] = useState(false);
  const [selected, select] = useState('');
  const nodes = useMemo(() => nodesOf(draft.graph ?? {}), [draft.graph]);
  const said = useMemo(
    () => faultsOf(form.problem?.fields ?? [], draft.graph),
    [form.problem, draft.graph],
  );
  return (
    <div className={styles.page}>
      <Leaving losing={losing} />
      <div className={styles.head}>
        <h1>{draft.name.trim() || t('New template')}</h1>
        {id !== undefined && (
          <div className={styles.row}>
            <ButtonLink {...generating({ template: String(id) })} icon="play">
              {t('Use it')}
            </ButtonLink>
            <Button icon="trash" onClick={() => setDeleting(true)}>
              {t('Delete')}
            </Button>
          </div>
        )}
      </div>
      <AboutPart draft={draft} change={change} error={form.error} />
      <WorkflowPart
        draft={draft}
        change={change}
        nodes={nodes}
        said={said.nodes}
        selected={selected}
        onSelect={select}
      />
      {draft.graph && (
        <section className={styles.part} aria-label={t('Parameters')}>
          <h2>{t('Parameters')}</h2>
          {draft.parameters.length === 0 ? (
            <p className={styles.quiet}>
              {t('None yet. Choose a node above and name the inputs that members may change.')}
            </p>
          ) : (
            <ParameterPart
              parameters={draft.parameters}
              nodes={nodes}
              faults={said.parameters}
              onChange={(parameters) => change({ parameters })}
              onSelect={select}
            />
          )}
        </section>
      )}
      <div className={styles.bar}>
        <Rest form={form} />
        {form.problem && !form.rest && (
          <p className={styles.wrong}>{t('Not saved: see what is marked above.')}</p>
        )}
        <div className={styles.row}>
          <Button
            variant="solid"
            icon="check"
            busy={form.busy}
            disabled={!draft.graph || !dirty}
            onClick={form.submit}
          >
            {t('Save')}
          </Button>
          <span className={styles.quiet}>
            {!draft.graph ? t('Add a workflow first') : dirty ? t('Not saved yet') : ''}
          </span>
        </div>
      </div>
      {id !== undefined && <TryPart id={id} dirty={dirty} />}
      {deleting && id !== undefined && (
        <Deleting
          id={id}
          name={draft.name}
          onClose={() => setDeleting(false)}
          onDone={() => void deleted()}
        />
      )}
    </div>
  );
}
