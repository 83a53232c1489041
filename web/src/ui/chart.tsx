import { lazy, Suspense } from 'react';
import { exact, number } from '../text/format';
import { t } from '../text/words';
import { Table } from './table';
import styles from './chart.module.css';

export interface Series {
  label: string;
  /** A colour token's name, such as `--chart-1`. */
  colour: string;
  values: number[];
}

export interface ChartProps {
  label: string;
  /** Moments of the values, oldest first. */
  at: string[];
  series: Series[];
  /** Pixels; 220 unless told. */
  height?: number;
  /** The highest value of the scale, where it is known: 100 of percents. */
  top?: number;
}

const Plot = lazy(() => import('./plot'));

/** Lines over time, with the same numbers as a table behind it. */
export function Chart({ label, at, series, height = 220, top }: ChartProps) {
  return (
    <figure className={styles.frame} aria-label={label}>
      <div className={styles.legend}>
        {series.map((one) => (
          <span key={one.label}>
            <i style={{ background: `var(${one.colour})` }} />
            {one.label}
          </span>
        ))}
      </div>
      <div style={{ minHeight: height }} aria-hidden="true">
        <Suspense fallback={null}>
          <Plot at={at} series={series} height={height} top={top} />
        </Suspense>
      </div>
      <details>
        <summary>{t('Show as a table')}</summary>
        <Table
          label={label}
          rows={at.map((moment, index) => ({ moment, index }))}
          rowKey={(row) => row.moment}
          rowHeight={38}
          columns={[
            { key: 'at', title: t('Time'), cell: (row) => exact(new Date(row.moment)) },
            ...series.map((one) => ({
              key: one.label,
              title: one.label,
              end: true,
              cell: (row: { index: number }) => number(one.values[row.index] ?? 0),
            })),
          ]}
        />
      </details>
    </figure>
  );
}
