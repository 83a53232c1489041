import { Link } from '@tanstack/react-router';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Picture } from '../../ui/picture/picture';
import { useVeiled } from '../../ui/picture/levels';
import type { Arrival, Arriving } from './arriving';
import styles from './panel.module.css';

function words({ recipe, kind, view }: Arrival): string {
  if (kind === 'source') {
    return recipe
      ? t('This is your starting picture, with its recipe.')
      : t('This is your starting picture.');
  }
  if (recipe) return t('Recipe loaded.');
  if (kind === 'file') return t('This file does not say how it was made.');
  return view.hideMeta
    ? t('Its creator keeps the recipe private; only its size was loaded.')
    : t('It does not say how it was made; only its size was loaded.');
}

function Card({ arrival, arriving }: { arrival: Arrival; arriving: Arriving }) {
  const { image } = arrival.view;
  const { veiled } = useVeiled(image);
  const file = arrival.kind === 'file';
  const changed = arrival.recipe || !file;
  return (
    <>
      <div className={styles.arrived}>
        <Picture key={image.id} image={image} width={96} veiled={veiled} />
      </div>
      <div>
        <p>
          {file ? (
            <strong>{image.name}</strong>
          ) : (
            <Link to="/images/$id" params={{ id: String(image.id) }}>
              {t('Image {id}', { id: String(image.id) })}
            </Link>
          )}
          {': '}
          {words(arrival)}
        </p>
        {arrival.missing.length > 0 && (
          <p>
            {t('Left out, because it is not here: {names}.', { names: arrival.missing.join(', ') })}
          </p>
        )}
        <div className={styles.actions}>
          {file && (
            <Button size="small" icon="image" onClick={arriving.use}>
              {t('Start from it')}
            </Button>
          )}
          {changed && (
            <Button size="small" variant="ghost" icon="undo" onClick={arriving.undo}>
              {t('Restore what was there')}
            </Button>
          )}
        </div>
      </div>
      <Button
        size="small"
        variant="ghost"
        icon="cross"
        aria-label={t('Dismiss')}
        onClick={arriving.dismiss}
      />
    </>
  );
}

/** What was just loaded, and the way back. */
export function ArrivalNote({ arriving }: { arriving: Arriving }) {
  const { arrival, busy } = arriving;
  return (
    <div role="status" className={arrival || busy ? styles.arrival : undefined}>
      {busy ? (
        <p>{t('Reading the recipe…')}</p>
      ) : (
        arrival && <Card arrival={arrival} arriving={arriving} />
      )}
    </div>
  );
}
