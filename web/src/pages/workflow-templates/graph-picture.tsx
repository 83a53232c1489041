import { useMemo } from 'react';
import { t } from '../../text/words';
import { layout } from './graph';
import type { GraphLink, GraphNode, Place, Placed } from './graph';
import styles from './graph-picture.module.css';

const width = 168;
const height = 46;
const gapX = 64;
const gapY = 22;
const edge = 12;

const left = (one: Place) => edge + one.column * (width + gapX);
const top = (one: Place) => edge + one.row * (height + gapY);

/** From the right edge of one node to its input at the left edge of the other. */
function way({ input, through }: GraphLink, from: Placed, to: Placed): string {
  const count = to.node.inputs.length;
  let [x, y] = [left(from) + width, top(from) + height / 2];
  const parts = [`M${x} ${y}`];
  const curve = (toX: number, toY: number) => {
    const bend = Math.max(28, Math.abs(toX - x) / 2);
    parts.push(`C${x + bend} ${y} ${toX - bend} ${toY} ${toX} ${toY}`);
    [x, y] = [toX, toY];
  };
  for (const place of through) {
    curve(left(place), top(place) + height / 2);
    x += width;
    parts.push(`H${x}`);
  }
  curve(left(to), top(to) + (height * (input + 1)) / (count + 1));
  return parts.join(' ');
}

interface GraphPictureProps {
  nodes: GraphNode[];
  selected?: string;
  onSelect?: (id: string) => void;
  /** Ids of nodes with something wrong. */
  faulty?: Pick<ReadonlySet<string>, 'has'>;
  /** Ids of nodes whose inputs are parameters. */
  named?: Pick<ReadonlySet<string>, 'has'>;
}

/**
 * The graph as boxes and lines, from left to right. It can be pressed with a pointer; what it
 * shows is also in the list of nodes beside it, for everybody else.
 */
export function GraphPicture({ nodes, selected, onSelect, faulty, named }: GraphPictureProps) {
  const { placed, links } = useMemo(() => layout(nodes), [nodes]);
  const at = useMemo(() => new Map(placed.map((one) => [one.node.id, one])), [placed]);
  const places = [...placed, ...links.flatMap((link) => link.through)];
  const across = Math.max(0, ...places.map(left)) + width + edge;
  const down = Math.max(0, ...places.map(top)) + height + edge;
  return (
    <div className={styles.frame} tabIndex={0} role="region" aria-label={t('Picture of the graph')}>
      <svg
        width={across}
        height={down}
        viewBox={`0 0 ${across} ${down}`}
        role="img"
        aria-label={t('{nodes, number} nodes and {links, number} links between them', {
          nodes: nodes.length,
          links: links.length,
        })}
      >
        {links.map((link) => (
          <path
            key={`${link.to} ${link.input}`}
            className={styles.link}
            data-near={link.from === selected || link.to === selected || undefined}
            d={way(link, at.get(link.from)!, at.get(link.to)!)}
          />
        ))}
        {placed.map((one) => (
          <g
            key={one.node.id}
            className={styles.node}
            transform={`translate(${left(one)} ${top(one)})`}
            data-selected={one.node.id === selected || undefined}
            data-faulty={faulty?.has(one.node.id) || undefined}
            data-named={named?.has(one.node.id) || undefined}
            data-live={onSelect !== undefined || undefined}
            onClick={() => onSelect?.(one.node.id)}
          >
            <title>{`${one.node.title} (${one.node.type}, ${one.node.id})`}</title>
            <rect width={width} height={height} rx="8" />
            <text x="12" y="19" className={styles.name}>
              {short(one.node.title, 19)}
            </text>
            <text x="12" y="36" className={styles.kind}>
              {short(`${one.node.id} · ${one.node.type}`, 25)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Texts in pictures do not wrap. */
function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
