import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { tensorsQuery } from '../../api/files';
import type { Tensor } from '../../api/shapes';
import { bytes, number } from '../../text/format';
import { t } from '../../text/words';
import { TextField } from '../../ui/field';
import { Bone, Failure } from '../../ui/state';
import { Table } from '../../ui/table';
import type { Column } from '../../ui/table';
import styles from './model.module.css';

const count = (tensor: Tensor) => tensor.shape.reduce((product, side) => product * side, 1);

const columns = (): Column<Tensor>[] => [
  {
    key: 'name',
    title: t('Name'),
    cell: (tensor) => <code>{tensor.name}</code>,
    sort: (tensor) => tensor.name,
  },
  {
    key: 'shape',
    title: t('Shape'),
    cell: (tensor) => <code>{tensor.shape.length ? tensor.shape.join(' × ') : t('scalar')}</code>,
    sort: count,
  },
  {
    key: 'dtype',
    title: t('Type'),
    cell: (tensor) => tensor.dtype,
    sort: (tensor) => tensor.dtype,
  },
  {
    key: 'bytes',
    title: t('Size'),
    cell: (tensor) => bytes(tensor.bytes),
    sort: (tensor) => tensor.bytes,
    end: true,
  },
];

/** Every tensor of a file, from its header: names, shapes, types, sizes. */
export function TensorBrowser({ fileId }: { fileId: number }) {
  const found = useQuery(tensorsQuery(fileId));
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return (found.data ?? []).filter((tensor) => {
      const name = tensor.name.toLowerCase();
      return words.every((word) => name.includes(word));
    });
  }, [found.data, filter]);

  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Bone height="12rem" />;
  return (
    <div className={styles.block}>
      <div className={styles.filter}>
        <TextField
          type="search"
          label={t('Filter by name')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          hint={t('{shown} of {total} tensors', {
            shown: number(shown.length),
            total: number(found.data.length),
          })}
        />
      </div>
      <Table
        label={t('Tensors')}
        columns={columns()}
        rows={shown}
        rowKey={(tensor) => tensor.name}
        rowHeight={38}
      />
    </div>
  );
}
