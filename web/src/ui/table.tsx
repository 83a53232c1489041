import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Icon } from './icon';
import { useWindow } from './window';
import styles from './table.module.css';

export interface Column<Row> {
  key: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Gives the column a sort button. */
  sort?: (row: Row) => string | number;
  end?: boolean;
}

interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
  /** Height of every row in px: the table scrolls inside and draws only what is seen. */
  rowHeight?: number;
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true });
}

export function Table<Row>({ label, columns, rows, rowKey, rowHeight }: TableProps<Row>) {
  const [order, setOrder] = useState<{ key: string; down: boolean } | null>(null);
  const sorted = useMemo(() => {
    const by = columns.find((column) => column.key === order?.key)?.sort;
    if (!by) return rows;
    const sign = order?.down ? -1 : 1;
    return [...rows].sort((a, b) => sign * compare(by(a), by(b)));
  }, [columns, rows, order]);
  const view = useWindow(sorted.length, rowHeight);
  const scrolls = rowHeight !== undefined;

  return (
    <div
      ref={view.frame}
      className={scrolls ? `${styles.frame} ${styles.scroll}` : styles.frame}
      role="region"
      aria-label={label}
      tabIndex={0}
    >
      <table className={styles.table} aria-rowcount={sorted.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => {
              const mine = order?.key === column.key ? order : null;
              return (
                <th
                  key={column.key}
                  scope="col"
                  className={column.end ? styles.end : undefined}
                  aria-sort={mine ? (mine.down ? 'descending' : 'ascending') : undefined}
                >
                  {column.sort ? (
                    <button
                      type="button"
                      onClick={() =>
                        setOrder({ key: column.key, down: mine ? !mine.down : Boolean(column.end) })
                      }
                    >
                      {column.title}
                      {mine && <Icon name={mine.down ? 'down' : 'up'} size={14} />}
                    </button>
                  ) : (
                    column.title
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {view.before > 0 && <Gap height={view.before} span={columns.length} />}
          {sorted.slice(view.from, view.to).map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={scrolls ? view.from + index + 2 : undefined}
              style={scrolls ? { height: rowHeight } : undefined}
            >
              {columns.map((column) => (
                <td key={column.key} className={column.end ? styles.end : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {view.after > 0 && <Gap height={view.after} span={columns.length} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden="true" style={{ height }}>
      <td colSpan={span} />
    </tr>
  );
}
