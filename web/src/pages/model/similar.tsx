import { useQuery } from '@tanstack/react-query';
import { similarQuery } from '../../api/search';
import { t } from '../../text/words';
import { useNear } from '../../ui/near';
import { HitCard } from '../../ui/search/hit-card';
import grid from '../models/models.module.css';
import styles from './model.module.css';

/** Models whose texts are about the same; no heading over nothing. */
export function Similar({ id }: { id: number }) {
  const [mark, near] = useNear();
  const { data } = useQuery({ ...similarQuery('models', id), enabled: near });
  if (!data?.length) return <div ref={mark} className={styles.mark} />;
  return (
    <section className={styles.block} aria-label={t('Similar models')}>
      <h2>{t('Similar models')}</h2>
      <div className={grid.grid} data-density="dense">
        {data.map((hit) => (
          <HitCard key={hit.id} hit={hit} />
        ))}
      </div>
    </section>
  );
}
