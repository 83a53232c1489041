import type { ReactNode } from 'react';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { SelectField } from '../../ui/field';
import { Menu, MenuItem, MenuLine } from '../../ui/menu';
import { Notice } from '../../ui/state';
import { typeOf } from './draft';
import type { ParameterDraft } from './draft';
import { valueText } from './graph';
import type { GraphInput, GraphNode } from './graph';
import styles from './templates.module.css';

interface NodePartProps {
  nodes: GraphNode[];
  selected: string;
  onSelect: (id: string) => void;
  /** What is wrong, by the node's id. */
  faults: ReadonlyMap<string, string[]>;
  parameters: ParameterDraft[];
  onName: (node: GraphNode, input: GraphInput) => void;
  /** Lets a parameter that is there drive this input too. */
  onJoin: (parameter: ParameterDraft, input: GraphInput) => void;
}

function Naming({ node, input, parameters, onName, onJoin }: NodePartProps & Inner) {
  const alike = parameters.filter((one) => !one.pointers.includes(input.pointer));
  const label = t('{input} of {node}', { input: input.name, node: node.title });
  if (alike.length === 0) {
    return (
      <Button size="small" icon="tag" onClick={() => onName(node, input)}>
        {t('Name it')}
        <span className="unseen">{label}</span>
      </Button>
    );
  }
  return (
    <Menu
      trigger={
        <Button size="small" icon="tag">
          {t('Name it')}
          <span className="unseen">{label}</span>
        </Button>
      }
    >
      <MenuItem icon="plus" onSelect={() => onName(node, input)}>
        {t('A new parameter')}
      </MenuItem>
      <MenuLine />
      {alike.map((one) => (
        <MenuItem key={one.key} icon="link" onSelect={() => onJoin(one, input)}>
          {t('The same as {name}', { name: one.title || one.name })}
        </MenuItem>
      ))}
    </Menu>
  );
}

interface Inner {
  node: GraphNode;
  input: GraphInput;
}

function InputRow(props: NodePartProps & Inner) {
  const { nodes, input, parameters, onSelect } = props;
  const from = nodes.find((one) => one.id === input.from);
  const naming = parameters.filter((one) => one.pointers.includes(input.pointer));
  let value: ReactNode;
  let action: ReactNode;
  if (from) {
    value = <span className={styles.quiet}>{t('from {node}', { node: from.title })}</span>;
    action = (
      <Button size="small" variant="ghost" onClick={() => onSelect(from.id)}>
        {t('Go to node')}
        <span className="unseen">{from.title}</span>
      </Button>
    );
  } else {
    value = <span className={styles.value}>{valueText(input.value)}</span>;
    if (naming.length > 0) {
      action = naming.map((one) => (
        <Badge key={one.key} tone="accent" icon="tag">
          {one.title || one.name}
        </Badge>
      ));
    } else if (typeOf(input)) action = <Naming {...props} />;
  }
  return (
    <li className={styles.input}>
      <strong>{input.name}</strong>
      {value}
      <span className={styles.row}>{action}</span>
    </li>
  );
}

/** One node at a time: what stands in its inputs, and which of them get a name. */
export function NodePart(props: NodePartProps) {
  const { nodes, selected, onSelect, faults } = props;
  const node = nodes.find((one) => one.id === selected) ?? nodes[0];
  if (!node) return null;
  const wrong = faults.get(node.id) ?? [];
  return (
    <div className={styles.node}>
      <SelectField
        label={t('Node')}
        value={node.id}
        onChange={(event) => onSelect(event.target.value)}
        options={nodes.map((one) => ({
          value: one.id,
          label: [
            faults.has(one.id) ? '⚠' : '',
            one.title,
            one.title === one.type ? '' : `(${one.type})`,
            `· ${one.id}`,
          ]
            .filter(Boolean)
            .join(' '),
        }))}
      />
      {wrong.length > 0 && (
        <Notice tone="danger">
          {wrong.map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Notice>
      )}
      {node.inputs.length === 0 ? (
        <p className={styles.quiet}>{t('It has no inputs.')}</p>
      ) : (
        <ul className={styles.inputs} aria-label={t('Inputs of {node}', { node: node.title })}>
          {node.inputs.map((input) => (
            <InputRow key={input.pointer} {...props} node={node} input={input} />
          ))}
        </ul>
      )}
    </div>
  );
}
