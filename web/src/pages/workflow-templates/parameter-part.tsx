import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { SelectField, TextArea, TextField } from '../../ui/field';
import type { ParameterDraft, ParameterType } from './draft';
import { placeOf, valueText } from './graph';
import type { GraphNode } from './graph';
import { typeWords } from './words';
import styles from './templates.module.css';

const types: ParameterType[] = [
  'text',
  'whole',
  'real',
  'flag',
  'choice',
  'seed',
  'picture',
  'mask',
];

interface OneProps {
  parameter: ParameterDraft;
  nodes: GraphNode[];
  first: boolean;
  last: boolean;
  error: (member: string) => string | undefined;
  change: (change: Partial<ParameterDraft>) => void;
  move: (by: -1 | 1) => void;
  remove: () => void;
  onSelect: (node: string) => void;
}

/** The inputs that a parameter drives. */
function Places({ parameter, nodes, change, onSelect, error }: OneProps) {
  const only = parameter.pointers.length === 1;
  return (
    <ul className={styles.places} aria-label={t('Inputs that it sets')}>
      {parameter.pointers.map((pointer, index) => {
        const place = placeOf(nodes, pointer);
        const label = place ? `${place.node.title} · ${place.input.name}` : pointer;
        const wrong = error(`pointers/${index}`);
        return (
          <li key={pointer}>
            <Button
              size="small"
              variant="ghost"
              icon="link"
              disabled={!place}
              onClick={() => place && onSelect(place.node.id)}
            >
              {label}
            </Button>
            {!only && (
              <Button
                size="small"
                variant="ghost"
                icon="cross"
                aria-label={t('Leave out {place}', { place: label })}
                onClick={() =>
                  change({ pointers: parameter.pointers.filter((one) => one !== pointer) })
                }
              />
            )}
            {wrong && <span className={styles.wrong}>{wrong}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function Fallback({ parameter, nodes, error, change }: OneProps) {
  const { type, fallback, pointers } = parameter;
  const place = placeOf(nodes, pointers[0] ?? '');
  const there = place ? valueText(place.input.value) : '';
  const common = { label: t('Default'), error: error('fallback'), value: fallback };
  if (type === 'seed' || type === 'picture' || type === 'mask') return null;
  if (type === 'flag' || type === 'choice') {
    const values = type === 'flag' ? ['true', 'false'] : parameter.choices.split('\n');
    const words = (value: string) =>
      type === 'choice' ? value : value === 'true' ? t('Yes') : t('No');
    return (
      <SelectField
        {...common}
        onChange={(event) => change({ fallback: event.target.value })}
        options={[
          { value: '', label: t('As in the workflow: {value}', { value: words(there) }) },
          ...values
            .filter((value) => value.trim())
            .map((value) => ({ value, label: words(value) })),
        ]}
      />
    );
  }
  const Box = type === 'text' ? TextArea : TextField;
  return (
    <Box
      {...common}
      optional
      hint={t('Empty: as in the workflow.')}
      placeholder={there}
      rows={type === 'text' ? 2 : undefined}
      inputMode={type === 'text' ? undefined : 'decimal'}
      onChange={(event: { target: { value: string } }) => change({ fallback: event.target.value })}
    />
  );
}

function One(props: OneProps) {
  const { parameter, first, last, error, change, move, remove } = props;
  const { name, title, type, min, max, choices } = parameter;
  const shown = title || name;
  const bounded = type === 'whole' || type === 'real';
  return (
    <li className={styles.parameter}>
      <div className={styles.cardHead}>
        <h3>{shown || t('Without a name')}</h3>
        <div className={styles.row}>
          <Button
            size="small"
            variant="ghost"
            icon="up"
            disabled={first}
            aria-label={t('Move {name} up', { name: shown })}
            onClick={() => move(-1)}
          />
          <Button
            size="small"
            variant="ghost"
            icon="down"
            disabled={last}
            aria-label={t('Move {name} down', { name: shown })}
            onClick={() => move(1)}
          />
          <Button
            size="small"
            variant="ghost"
            icon="trash"
            aria-label={t('Remove {name}', { name: shown })}
            onClick={remove}
          />
        </div>
      </div>
      <Places {...props} />
      <div className={styles.fields}>
        <TextField
          label={t('Name')}
          hint={t('For programs that use the API')}
          autoCapitalize="off"
          spellCheck={false}
          maxLength={60}
          value={name}
          onChange={(event) => change({ name: event.target.value })}
          error={error('name')}
        />
        <TextField
          label={t('Label')}
          optional
          hint={t('What members read')}
          maxLength={100}
          value={title}
          onChange={(event) => change({ title: event.target.value })}
          error={error('title')}
        />
        <SelectField
          label={t('Kind')}
          value={type}
          onChange={(event) =>
            change({ type: event.target.value as ParameterType, fallback: '' })
          }
          options={types.map((value) => ({ value, label: typeWords(value) }))}
          error={error('type')}
        />
        {bounded && (
          <TextField
            label={t('Minimum')}
            optional
            inputMode="decimal"
            value={min}
            onChange={(event) => change({ min: event.target.value })}
            error={error('min')}
          />
        )}
        {bounded && (
          <TextField
            label={t('Maximum')}
            optional
            inputMode="decimal"
            value={max}
            onChange={(event) => change({ max: event.target.value })}
            error={error('max')}
          />
        )}
        {type === 'choice' && (
          <TextArea
            label={t('Choices, one a line')}
            rows={4}
            spellCheck={false}
            value={choices}
            onChange={(event) => change({ choices: event.target.value })}
            error={error('choices')}
          />
        )}
        <Fallback {...props} />
      </div>
    </li>
  );
}

interface ParameterPartProps {
  parameters: ParameterDraft[];
  nodes: GraphNode[];
  /** What is wrong: "2/name". */
  faults: ReadonlyMap<string, string>;
  onChange: (parameters: ParameterDraft[]) => void;
  onSelect: (node: string) => void;
}

/** The parameters in the order in which members see them. */
export function ParameterPart(props: ParameterPartProps) {
  const { parameters, nodes, faults, onChange, onSelect } = props;
  const move = (index: number, by: number) => {
    const next = [...parameters];
    next.splice(index + by, 0, ...next.splice(index, 1));
    onChange(next);
  };
  return (
    <ul className={styles.parameters}>
      {parameters.map((one, index) => (
        <One
          key={one.key}
          parameter={one}
          nodes={nodes}
          first={index === 0}
          last={index === parameters.length - 1}
          error={(member) => faults.get(`${index}/${member}`)}
          change={(change) =>
            onChange(parameters.map((each) => (each === one ? { ...each, ...change } : each)))
          }
          move={(by) => move(index, by)}
          remove={() => onChange(parameters.filter((each) => each !== one))}
          onSelect={onSelect}
        />
      ))}
    </ul>
  );
}
