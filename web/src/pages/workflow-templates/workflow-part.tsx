import { useMemo, useState } from 'react';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { fitting, parameterFor } from './draft';
import type { Draft, Faults } from './draft';
import type { Graph, GraphNode } from './graph';
import { GraphPicture } from './graph-picture';
import { Imported } from './imported';
import { NodePart } from './node-part';
import { Source } from './source';
import type { Brought } from './source';
import styles from './templates.module.css';

interface WorkflowPartProps {
  draft: Draft;
  change: (some: Partial<Draft>) => void;
  nodes: GraphNode[];
  /** What the server said when it was saved. */
  said: Faults['nodes'];
  selected: string;
  onSelect: (node: string) => void;
}

/** What reading and saving found, by the node's id. */
function allFaults(said: Faults['nodes'], brought: Brought | null): Faults['nodes'] {
  const faults = new Map(said);
  for (const { node, input, detail } of brought?.reply.faults ?? []) {
    if (!node) continue;
    faults.set(node, [...(faults.get(node) ?? []), input ? `${input}: ${detail}` : detail]);
  }
  return faults;
}

/** The graph: brought in, looked at, and its inputs given names. */
export function WorkflowPart(props: WorkflowPartProps) {
  const { draft, change, nodes, said, selected, onSelect } = props;
  const { graph, parameters } = draft;
  const [brought, setBrought] = useState<Brought | null>(null);
  const [replacing, setReplacing] = useState(false);
  const faults = useMemo(() => allFaults(said, brought), [said, brought]);
  const pointers = new Set(parameters.flatMap((one) => one.pointers));
  const named = new Set(
    nodes
      .filter((node) => node.inputs.some((input) => pointers.has(input.pointer)))
      .map((node) => node.id),
  );

  function take(next: Brought) {
    const taken = next.reply.graph as Graph;
    setBrought(next);
    setReplacing(false);
    onSelect('');
    change({ graph: taken, workflow: next.document, parameters: fitting(parameters, taken) });
  }

  return (
    <section className={styles.part} aria-label={t('Workflow')}>
      <div className={styles.cardHead}>
        <h2>{t('Workflow')}</h2>
        {graph && (
          <Button size="small" icon="upload" onClick={() => setReplacing(!replacing)}>
            {replacing ? t('Keep this one') : t('Replace')}
          </Button>
        )}
      </div>
      {(!graph || replacing) && <Source onBrought={take} />}
      {graph && (
        <>
          {brought && (
            <Imported
              reply={brought.reply}
              parameters={parameters}
              onAdd={(more) => change({ parameters: [...parameters, ...more] })}
              onSelect={onSelect}
            />
          )}
          <GraphPicture
            nodes={nodes}
            selected={selected || nodes[0]?.id}
            onSelect={onSelect}
            faulty={faults}
            named={named}
          />
          <NodePart
            nodes={nodes}
            selected={selected}
            onSelect={onSelect}
            faults={faults}
            parameters={parameters}
            onName={(node, input) =>
              change({ parameters: [...parameters, parameterFor(node, input, parameters)] })
            }
            onJoin={(joined, { pointer }) =>
              change({
                parameters: parameters.map((one) =>
                  one === joined ? { ...one, pointers: [...one.pointers, pointer] } : one,
                ),
              })
            }
          />
        </>
      )}
    </section>
  );
}
