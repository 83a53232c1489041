import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../frame/theme';
import type { ChartProps } from './chart';

/** A canvas knows no CSS variables: the token's colour is read off an element. */
function colourOf(place: HTMLElement, token: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${token})`;
  place.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

type PlotProps = Omit<ChartProps, 'label' | 'height'> & { height: number };

export default function Plot({ at, series, height, top: fixed }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const axis = {
      stroke: colourOf(element, '--tone-10'),
      grid: { stroke: colourOf(element, '--tone-4'), width: 1 },
      ticks: { show: false },
      font: '12px sans-serif',
    };
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 7 } },
        scales: { y: { range: (_, __, top) => [0, fixed ?? Math.max(1, top * 1.08)] } },
        axes: [axis, { ...axis, size: 44 }],
        series: [
          {},
          ...series.map((one) => {
            const colour = colourOf(element, one.colour);
            return { label: one.label, stroke: colour, width: 2, points: { show: false } };
          }),
        ],
      },
      [at.map((moment) => Date.parse(moment) / 1000), ...series.map((one) => one.values)],
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [at, series, height, fixed, theme]);
  return <div ref={place} />;
}
