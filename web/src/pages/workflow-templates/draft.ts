import { exactWhole, largeDigits } from '../../api/exact-json';
import type { Template, TemplateParameter } from '../../api/generation';
import type { FieldFault } from '../../api/client';
import { nodesOf, placeOf, token, valueText } from './graph';
import type { Graph, GraphInput, GraphNode } from './graph';

export type ParameterType = TemplateParameter['type'];

/** A parameter while it is written: numbers are the texts of their fields, "" = none. */
export interface ParameterDraft {
  /** Of this page only: names change while they are written. */
  key: number;
  name: string;
  title: string;
  type: ParameterType;
  pointers: string[];
  /** "" = what the graph says there. */
  fallback: string;
  min: string;
  max: string;
  /** One a line. */
  choices: string;
}

export interface Draft {
  name: string;
  detail: string;
  audience: Template['audience'];
  graph: Graph | null;
  /** The document of ComfyUI's editor that came with the graph, to be put into results. */
  workflow?: unknown;
  parameters: ParameterDraft[];
}

export const emptyDraft: Draft = {
  name: '',
  detail: '',
  audience: 'members',
  graph: null,
  parameters: [],
};

let lastKey = 0;

/** A JSON value as the text of a field. */
function fieldText(value: unknown): string {
  return value === undefined || value === null ? '' : valueText(value);
}

export function parameterDraft(given: TemplateParameter): ParameterDraft {
  return {
    key: ++lastKey,
    name: given.name,
    title: given.title ?? '',
    type: given.type,
    pointers: [...given.pointers],
    fallback: fieldText(given.fallback),
    min: fieldText(given.min),
    max: fieldText(given.max),
    choices: given.choices?.join('\n') ?? '',
  };
}

export function draftOf(template: Template): Draft {
  return {
    name: template.name,
    detail: template.detail,
    audience: template.audience,
    graph: (template.graph ?? null) as Graph | null,
    parameters: template.parameters.map(parameterDraft),
  };
}

/** The text of a field as the JSON value of this type; what does not fit stays a text. */
export function valueOf(type: ParameterType, text: string): unknown {
  const number = Number(text);
  switch (type) {
    case 'whole':
    case 'real':
      return text.trim() !== '' && Number.isFinite(number) ? number : text;
    case 'seed':
      return /^\d{1,20}$/.test(text.trim()) ? exactWhole(text.trim()) : text;
    case 'flag':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    default:
      return text;
  }
}

const isNumber = (type: ParameterType) => type === 'whole' || type === 'real';
const bound = (text: string) => (text.trim() === '' ? undefined : Number(text));

function parameterOf(draft: ParameterDraft): TemplateParameter {
  const { type, fallback } = draft;
  return {
    name: draft.name.trim(),
    title: draft.title.trim() || undefined,
    type,
    pointers: draft.pointers,
    fallback: fallback === '' ? undefined : (valueOf(type, fallback) as TemplateParameter['fallback']),
    min: isNumber(type) ? bound(draft.min) : undefined,
    max: isNumber(type) ? bound(draft.max) : undefined,
    choices:
      type === 'choice' ? draft.choices.split('\n').filter((line) => line.trim()) : undefined,
  };
}

export const parametersOf = (draft: Draft): TemplateParameter[] =>
  draft.parameters.map(parameterOf);

/** What kind of parameter a value of the graph suggests. */
export function typeOf({ name, value }: GraphInput): ParameterType | undefined {
  if (largeDigits(value) !== undefined) return 'seed';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'flag';
  if (typeof value !== 'number') return undefined;
  if (name.endsWith('seed') && Number.isInteger(value) && value >= 0) return 'seed';
  return Number.isInteger(value) ? 'whole' : 'real';
}

/** `name`, or with the first number behind it that nobody has. */
function freeName(name: string, taken: ParameterDraft[]): string {
  const has = (wish: string) => taken.some((one) => one.name === wish);
  for (let number = 1; ; number += 1) {
    const wish = number === 1 ? name : `${name}_${number}`;
    if (!has(wish)) return wish;
  }
}

/** A new parameter for an input that has a value. */
export function parameterFor(
  node: GraphNode,
  input: GraphInput,
  others: ParameterDraft[],
): ParameterDraft {
  const type = typeOf(input) ?? 'text';
  // Who names a node says what its text is; beside it, the numbers would all be called the same.
  const title = type === 'text' && node.title !== node.type ? node.title : '';
  return {
    key: ++lastKey,
    name: freeName(input.name.slice(0, 56), others),
    title: title.slice(0, 100),
    type,
    pointers: [input.pointer],
    fallback: '',
    min: '',
    max: '',
    choices: '',
  };
}

/** Parameters whose places the graph has, after it was replaced. */
export function fitting(parameters: ParameterDraft[], graph: Graph): ParameterDraft[] {
  const nodes = nodesOf(graph);
  const isValue = (pointer: string) => {
    const place = placeOf(nodes, pointer);
    return place !== undefined && place.input.from === undefined;
  };
  return parameters
    .map((one) => ({ ...one, pointers: one.pointers.filter(isValue) }))
    .filter((one) => one.pointers.length > 0);
}

/** What the server said about a template, by where it is shown. */
export interface Faults {
  /** Of the node with this id. */
  nodes: Map<string, string[]>;
  /** Of a parameter's member: "2/name", "2/pointers/0". */
  parameters: Map<string, string>;
}

export function faultsOf(fields: FieldFault[], graph: Graph | null): Faults {
  const faults: Faults = { nodes: new Map(), parameters: new Map() };
  const ids = new Map(Object.keys(graph ?? {}).map((id) => [token(id), id]));
  for (const { path, detail } of fields) {
    const [, part, which = '', member = '', place] = path.split('/');
    const id = ids.get(which);
    if (part === 'graph' && id !== undefined) {
      faults.nodes.set(id, [...(faults.nodes.get(id) ?? []), detail]);
    } else if (part === 'parameters') {
      const where = member === 'pointers' && place ? `${member}/${place}` : member;
      faults.parameters.set(`${which}/${where}`, detail);
    }
  }
  return faults;
}
