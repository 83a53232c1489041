import { largeDigits } from '../../api/exact-json';

/** ComfyUI's executable form (its "API format"): nodes by their ids. */
export type Graph = Record<string, unknown>;

export interface GraphInput {
  name: string;
  /** Where it stands in the graph (RFC 6901). */
  pointer: string;
  /** The node that gives it, if it is no value of its own. */
  from?: string;
  value?: unknown;
}

export interface GraphNode {
  id: string;
  type: string;
  /** As somebody named it; the class where nobody did. */
  title: string;
  inputs: GraphInput[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const token = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

function inputOf(graph: Graph, id: string, name: string, value: unknown): GraphInput {
  const pointer = `/${token(id)}/inputs/${token(name)}`;
  const [from, output] = Array.isArray(value) && value.length === 2 ? value : [];
  return typeof from === 'string' && typeof output === 'number' && from in graph
    ? { name, pointer, from }
    : { name, pointer, value };
}

/** The nodes in the order of the file. What is no node has no class. */
export function nodesOf(graph: Graph): GraphNode[] {
  return Object.entries(graph).map(([id, node]) => {
    const { class_type: type, inputs, _meta: meta } = isObject(node) ? node : {};
    const title = isObject(meta) && typeof meta.title === 'string' ? meta.title : '';
    return {
      id,
      type: typeof type === 'string' ? type : '',
      title: title || (typeof type === 'string' ? type : id),
      inputs: Object.entries(isObject(inputs) ? inputs : {}).map(([name, value]) =>
        inputOf(graph, id, name, value),
      ),
    };
  });
}

/** Of a pointer: which input of which node, as people call it. */
export function placeOf(nodes: GraphNode[], pointer: string) {
  for (const node of nodes) {
    const input = node.inputs.find((one) => one.pointer === pointer);
    if (input) return { node, input };
  }
  return undefined;
}

/** A value as a person reads it. */
export function valueText(value: unknown): string {
  const large = largeDigits(value);
  if (large !== undefined) return large;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export interface Place {
  column: number;
  row: number;
}

export interface Placed extends Place {
  node: GraphNode;
}

export interface GraphLink {
  from: string;
  to: string;
  /** Which of the receiver's inputs, from 0. */
  input: number;
  /** Free places that it passes on its way, one for each column between. */
  through: Place[];
}

/**
 * Places for a picture: a node stands right of all that it takes from, as near as it can to who
 * takes from it; within a column by where its neighbours stand, so that links cross less. Links
 * over several columns get places in those between, so that none seems to end at a node that it
 * passes (Sugiyama, Tagawa and Toda, 1981).
 */
export function layout(nodes: GraphNode[]): { placed: Placed[]; links: GraphLink[] } {
  const ids = new Set(nodes.map((node) => node.id));
  const links = nodes.flatMap((node) =>
    node.inputs.flatMap((input, index) =>
      input.from !== undefined && ids.has(input.from)
        ? [{ from: input.from, to: node.id, input: index, through: [] as Place[] }]
        : [],
    ),
  );
  const columns = columnsOf(nodes, links);
  const { pieces, ways } = waysOf(links, columns);
  const rows = rowsOf(columns, pieces);
  const place = (id: string) => ({ column: columns.get(id)!, row: rows.get(id)! });
  links.forEach((link, index) => {
    link.through = ways[index]!.map(place);
  });
  return { placed: nodes.map((node) => ({ node, ...place(node.id) })), links };
}

type Piece = Pick<GraphLink, 'from' | 'to'>;

function columnsOf(nodes: GraphNode[], links: Piece[]): Map<string, number> {
  const columns = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  // Each round moves nodes right of what they take from; more rounds than nodes mean a circle.
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false;
    for (const { from, to } of links) {
      const least = columns.get(from)! + 1;
      if (columns.get(to)! >= least || least >= nodes.length) continue;
      columns.set(to, least);
      moved = true;
    }
    if (!moved) break;
  }
  for (const node of nodes) {
    if (links.some((link) => link.to === node.id)) continue;
    const takers = links.filter((link) => link.from === node.id);
    const nearest = Math.min(...takers.map((link) => columns.get(link.to)!));
    if (takers.length > 0) columns.set(node.id, Math.max(0, nearest - 1));
  }
  return columns;
}

/**
 * Cuts links into pieces from one column to the next. What stands between, which all links of one
 * node share, gets its column in `columns`.
 */
function waysOf(links: Piece[], columns: Map<string, number>) {
  const pieces: Piece[] = [];
  const ways = links.map(({ from, to }) => {
    const way: string[] = [];
    let last = from;
    for (let column = columns.get(from)! + 1; column < columns.get(to)!; column += 1) {
      const id = `${from}\0${column}`;
      columns.set(id, column);
      way.push(id);
      pieces.push({ from: last, to: id });
      last = id;
    }
    pieces.push({ from: last, to });
    return way;
  });
  return { pieces, ways };
}

function rowsOf(columns: Map<string, number>, pieces: Piece[]): Map<string, number> {
  const rows = new Map<string, number>();
  const order: string[][] = [];
  for (const [id, column] of columns) (order[column] ??= []).push(id);
  const number = () => {
    for (const column of order) column?.forEach((id, row) => rows.set(id, row));
  };
  number();
  for (let sweep = 0; sweep < 6; sweep += 1) {
    const toRight = sweep % 2 === 0;
    for (const column of toRight ? order : [...order].reverse()) {
      if (!column) continue;
      const wish = new Map(
        column.map((id) => {
          const near = pieces
            .filter((piece) => (toRight ? piece.to : piece.from) === id)
            .map((piece) => rows.get(toRight ? piece.from : piece.to)!);
          const mean = near.reduce((sum, row) => sum + row, 0) / near.length;
          return [id, near.length ? mean : rows.get(id)!];
        }),
      );
      column.sort((a, b) => wish.get(a)! - wish.get(b)!);
      number();
    }
  }
  return rows;
}
