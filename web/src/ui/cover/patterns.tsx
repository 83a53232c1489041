import type { ReactNode } from 'react';
import type { Palette } from './palettes';
import type { Dice } from './seed';

/** What is drawn on; it is cut to the place it fills. */
export interface Sheet {
  width: number;
  height: number;
}

export type Pattern = (roll: Dice, palette: Palette, sheet: Sheet, id: string) => ReactNode;

const round = (value: number) => Math.round(value * 10) / 10;

function wave(roll: Dice, { width, height }: Sheet, level: number, swing: number): string {
  const points = Math.round(width / 75) + 1;
  const step = width / (points - 1);
  let y = level + roll.between(-swing, swing);
  let path = `M0 ${height}V${round(y)}`;
  for (let point = 1; point < points; point += 1) {
    const next = level + roll.between(-swing, swing);
    const x = step * point;
    path += `C${round(x - step / 2)} ${round(y)} ${round(x - step / 2)} ${round(next)} ${round(x)} ${round(next)}`;
    y = next;
  }
  return `${path}V${height}Z`;
}

/** Hills one behind the other under a disc. */
export const strata: Pattern = (roll, palette, sheet, id) => {
  const { width, height } = sheet;
  const [ground, first, second, third, fourth] = palette;
  const disc = roll.between(34, 72);
  const layers = [third, second, fourth, first, ground];
  return (
    <>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor={ground} />
          <stop offset="0.55" stopColor={first} />
          <stop offset="1" stopColor={second} />
        </linearGradient>
      </defs>
      <rect width={width} height={height} fill={`url(#${id})`} />
      <circle
        cx={round(width * roll.between(0.24, 0.76))}
        cy={round(roll.between(95, 175))}
        r={round(disc)}
        fill={third}
      />
      {layers.map((colour, index) => (
        <path
          key={colour}
          d={wave(roll, sheet, 185 + index * 46, 34 - index * 3)}
          fill={colour}
          opacity={index === 0 ? 0.55 : 0.94}
        />
      ))}
    </>
  );
};

const quarter = [
  (s: number) => `M0 0H${s}A${s} ${s} 0 0 1 0 ${s}Z`,
  (s: number) => `M${s} 0V${s}A${s} ${s} 0 0 1 0 0Z`,
  (s: number) => `M${s} ${s}H0A${s} ${s} 0 0 1 ${s} 0Z`,
  (s: number) => `M0 ${s}V0A${s} ${s} 0 0 1 ${s} ${s}Z`,
];

/** Quarter, half and whole discs on a board of squares. */
export const tiles: Pattern = (roll, palette, { width, height }) => {
  const size = roll.pick([60, 75, 100]);
  const cells: ReactNode[] = [];
  for (let y = 0; y < height; y += size) {
    for (let x = 0; x < width; x += size) {
      const under = roll.below(5);
      const over = (under + 1 + roll.below(4)) % 5;
      const half = size / 2;
      const turn = roll.below(4);
      const shapes = [
        <path key="q" d={quarter[turn]!(size)} fill={palette[over]} />,
        <path key="q" d={quarter[turn]!(size)} fill={palette[over]} />,
        <circle key="c" cx={half} cy={half} r={half * 0.72} fill={palette[over]} />,
        <path
          key="h"
          d={`M0 ${half}A${half} ${half} 0 0 1 ${size} ${half}Z`}
          fill={palette[over]}
        />,
        <path key="t" d={`M0 ${size}L${size} 0V${size}Z`} fill={palette[over]} />,
        <g key="r" fill="none" stroke={palette[over]} strokeWidth={size / 8}>
          <path d={`M${half} 0A${half} ${half} 0 0 1 0 ${half}`} />
          <path d={`M${half} ${size}A${half} ${half} 0 0 1 ${size} ${half}`} />
        </g>,
      ];
      cells.push(
        <g key={`${x}.${y}`} transform={`translate(${x} ${y})`}>
          <rect x={-0.5} y={-0.5} width={size + 1} height={size + 1} fill={palette[under]} />
          {roll.pick(shapes)}
        </g>,
      );
    }
  }
  return cells;
};

/** Arcs that join over the edges of their squares into long ribbons. */
export const ribbons: Pattern = (roll, palette, { width, height }) => {
  const size = roll.pick([75, 100]);
  const [ground, ...inks] = palette;
  const cells: ReactNode[] = [];
  const ink = roll.pick(inks);
  const rest = inks.filter((one) => one !== ink);
  for (let y = 0; y < height; y += size) {
    for (let x = 0; x < width; x += size) {
      const turned = roll.below(2) === 0;
      const bands = [0.5, 0.33, 0.67].map((share, index) => {
        const r = size * share;
        const arcs = turned
          ? `M${r} 0A${r} ${r} 0 0 1 0 ${r}M${size - r} ${size}A${r} ${r} 0 0 1 ${size} ${size - r}`
          : `M${size - r} 0A${r} ${r} 0 0 0 ${size} ${r}M0 ${size - r}A${r} ${r} 0 0 1 ${r} ${size}`;
        return (
          <path
            key={share}
            d={arcs}
            stroke={index === 0 ? ink : rest[index]}
            strokeWidth={size * 0.1}
          />
        );
      });
      cells.push(
        <g key={`${x}.${y}`} transform={`translate(${x} ${y})`} fill="none">
          {bands}
        </g>,
      );
    }
  }
  return (
    <>
      <rect width={width} height={height} fill={ground} />
      {cells}
    </>
  );
};

/** Leaves around a point. */
export const petals: Pattern = (roll, palette, { width, height }) => {
  const [ground, ...inks] = palette;
  const x = width * roll.between(0.4, 0.6);
  const y = height * roll.between(0.4, 0.6);
  const count = 9 + roll.below(8);
  const reach = Math.max(width, height) * 0.6;
  const rings = [1, 0.7, 0.46, 0.24].map((share) => reach * share);
  return (
    <>
      <rect width={width} height={height} fill={ground} />
      {rings.map((length, ring) =>
        Array.from({ length: count }, (_, index) => (
          <ellipse
            key={`${ring}.${index}`}
            cx={round(length / 2)}
            rx={round(length / 2)}
            ry={round((length * Math.PI) / count / 2.6)}
            fill={inks[(ring + (index % 2)) % 4]}
            opacity={0.82}
            transform={`translate(${round(x)} ${round(y)}) rotate(${round((360 / count) * (index + ring / 2))})`}
          />
        )),
      )}
      <circle cx={round(x)} cy={round(y)} r="15" fill={ground} />
    </>
  );
};

/** Level lines around a few heights. */
export const contours: Pattern = (roll, palette, { width, height }) => {
  const [ground, ...inks] = palette;
  const hills = [0.5, 0.12, 0.9].map((share, index) => ({
    x: width * (share + roll.between(-0.12, 0.12)),
    y: height * roll.between(index ? 0 : 0.35, index ? 1 : 0.65),
    ink: roll.pick(inks),
    turn: roll.between(0, 180),
    flat: roll.between(0.62, 0.95),
  }));
  const rings = Math.ceil(width / 26);
  return (
    <>
      <rect width={width} height={height} fill={ground} />
      {hills.map((hill, index) =>
        Array.from({ length: rings - index * 3 }, (_, ring) => {
          const r = 15 + (rings - 1 - index * 3 - ring) * 19;
          return (
            <ellipse
              key={`${index}.${ring}`}
              rx={r}
              ry={round(r * hill.flat)}
              fill={ground}
              fillOpacity={index === 0 ? 1 : 0.55}
              stroke={ring % 4 === 0 ? inks[(index + 1) % 4] : hill.ink}
              strokeWidth={ring % 4 === 0 ? 4.5 : 2.2}
              transform={`translate(${round(hill.x)} ${round(hill.y)}) rotate(${round(hill.turn + ring * 3)})`}
            />
          );
        }),
      )}
    </>
  );
};

/** Bands that go over and under. */
export const weave: Pattern = (roll, palette, { width, height }) => {
  const [ground, first, second, third, fourth] = palette;
  const pitch = roll.pick([38, 50]);
  const wide = pitch * 0.72;
  const gap = (pitch - wide) / 2;
  const columns = Math.ceil(width / pitch);
  const rows = Math.ceil(height / pitch);
  const warp = Array.from({ length: columns }, () => roll.pick([first, second, first]));
  const weft = Array.from({ length: rows }, () => roll.pick([third, fourth, third]));
  return (
    <>
      <rect width={width} height={height} fill={ground} />
      {warp.map((colour, column) => (
        <rect key={column} x={column * pitch + gap} width={wide} height={height} fill={colour} />
      ))}
      {weft.flatMap((colour, row) =>
        warp.map((_, column) =>
          (row + column) % 2 === 0 ? (
            <rect
              key={`${row}.${column}`}
              x={column * pitch - gap}
              y={row * pitch + gap}
              width={pitch + 2 * gap}
              height={wide}
              rx={wide / 7}
              fill={colour}
            />
          ) : null,
        ),
      )}
    </>
  );
};

/** Frames within frames, drawn towards a point. */
export const frames: Pattern = (roll, palette, { width, height }) => {
  const x = width * roll.between(0.25, 0.75);
  const y = height * roll.between(0.25, 0.75);
  const count = 9;
  const start = roll.below(5);
  return Array.from({ length: count }, (_, index) => {
    const share = 1 - index / count;
    return (
      <rect
        key={index}
        x={round(x * (1 - share))}
        y={round(y * (1 - share))}
        width={round(width * share)}
        height={round(height * share)}
        fill={palette[(start + index * 2 + (index >> 2)) % 5]}
        rx={index === 0 ? 0 : 12}
      />
    );
  });
};

/** Rings with stations on them. */
export const orbits: Pattern = (roll, palette, { width, height }) => {
  const [ground, ...inks] = palette;
  const x = width * roll.between(0.25, 0.75);
  const y = height * roll.between(0.25, 0.75);
  const rings = Math.ceil(Math.max(width, height) / 44);
  return (
    <>
      <rect width={width} height={height} fill={ground} />
      {Array.from({ length: rings }, (_, ring) => {
        const r = 26 + ring * 34;
        const at = roll.between(0, 2 * Math.PI);
        const ink = inks[ring % 4];
        return (
          <g key={ring}>
            <circle
              cx={round(x)}
              cy={round(y)}
              r={r}
              fill="none"
              stroke={ink}
              strokeWidth={ring % 3 === 0 ? 9 : 2.5}
              strokeDasharray={ring % 3 === 1 ? '2 9' : undefined}
              strokeLinecap="round"
            />
            <circle
              cx={round(x + r * Math.cos(at))}
              cy={round(y + r * Math.sin(at))}
              r={round(roll.between(7, 17))}
              fill={inks[(ring + 1) % 4]}
            />
          </g>
        );
      })}
      <circle cx={round(x)} cy={round(y)} r="15" fill={inks[2]} />
    </>
  );
};
