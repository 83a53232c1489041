import type { ImportedWorkflow } from '../../api/generation';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/state';
import { parameterDraft } from './draft';
import type { ParameterDraft } from './draft';
import styles from './templates.module.css';

type Suggested = ImportedWorkflow['parameters'][number];

interface ImportedProps {
  reply: ImportedWorkflow;
  parameters: ParameterDraft[];
  onAdd: (parameters: ParameterDraft[]) => void;
  onSelect: (node: string) => void;
}

function Faults({ reply, onSelect }: ImportedProps) {
  const { missing, backend } = reply;
  // What no backend has is told once, not again for each node that wants it.
  const faults = reply.faults.filter(
    (fault) =>
      !fault.code.startsWith('unknown_') || !missing.some((one) => one.nodes.includes(fault.node)),
  );
  if (faults.length + missing.length === 0) return null;
  return (
    <Notice
      tone="warning"
      title={
        backend
          ? t('{backend} would refuse it as it is', { backend })
          : t('It cannot be carried out as it is')
      }
    >
      <ul className={styles.faults}>
        {missing.map((one) => (
          <li key={`${one.kind} ${one.name}`}>
            {one.kind === 'node'
              ? t('No backend has the node {name}.', { name: one.name })
              : t('No backend has the model {name}.', { name: one.name })}{' '}
            {one.nodes.map((node) => (
              <Button key={node} size="small" variant="ghost" onClick={() => onSelect(node)}>
                {t('Node {id}', { id: node })}
              </Button>
            ))}
          </li>
        ))}
        {faults.map((one, index) => (
          <li key={index}>
            {[one.nodeTitle || one.nodeClass, one.input].filter(Boolean).join(' · ')}
            {one.nodeTitle || one.nodeClass || one.input ? ': ' : ''}
            {one.detail}{' '}
            {one.node && (
              <Button size="small" variant="ghost" onClick={() => onSelect(one.node)}>
                {t('Node {id}', { id: one.node })}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function isTaken(suggested: Suggested, parameters: ParameterDraft[]): boolean {
  return suggested.pointers.some((pointer) =>
    parameters.some((one) => one.pointers.includes(pointer)),
  );
}

/** Inputs of one node have its title; it says which is meant only where they are not several. */
function titleOf({ name, title }: Suggested, all: Suggested[]): string | undefined {
  if (!title) return undefined;
  return all.filter((one) => one.title === title).length > 1 ? `${title}: ${name}` : title;
}

function Suggestions({ reply, parameters, onAdd }: ImportedProps) {
  const free = reply.parameters.filter((one) => !isTaken(one, parameters));
  if (free.length === 0) return null;
  const add = (some: Suggested[]) =>
    onAdd(some.map((one) => parameterDraft({ ...one, title: titleOf(one, reply.parameters) })));
  return (
    <div className={styles.suggestions} role="group" aria-label={t('Suggested parameters')}>
      <span className={styles.quiet}>{t('Suggested parameters')}</span>
      {free.map((one) => (
        <Button key={one.name} size="small" icon="plus" onClick={() => add([one])}>
          {titleOf(one, reply.parameters) ?? one.name}
        </Button>
      ))}
      {free.length > 1 && (
        <Button size="small" variant="ghost" onClick={() => add(free)}>
          {t('Add all')}
        </Button>
      )}
    </div>
  );
}

/** What reading a workflow brought to light. */
export function Imported(props: ImportedProps) {
  const { notes } = props.reply;
  return (
    <>
      <Faults {...props} />
      {notes.length > 0 && (
        <Notice title={t('What was changed while it was read')}>
          <ul className={styles.faults}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Suggestions {...props} />
    </>
  );
}
