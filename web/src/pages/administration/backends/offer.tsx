import type { BackendOffer } from '../../../api/generation';
import { modelKindWords } from '../../../text/backends';
import { bytes, number } from '../../../text/format';
import { t } from '../../../text/words';
import { workflowWords } from '../../generations/words';
import styles from './backends.module.css';

type Task = BackendOffer['tasks'][number];

/** What it can do, as members call what they ask for. */
function taskWords(task: Task): string {
  if (task === 'graph') return t('Workflow templates');
  return workflowWords(task === 'remove_background' ? 'removeBackground' : task);
}

function Names({ title, names }: { title: string; names: string[] }) {
  return (
    <div className={styles.group}>
      <h3>
        {title} {names.length > 1 && <span className={styles.quiet}>{number(names.length)}</span>}
      </h3>
      {/* It scrolls where there are many, so the keyboard must reach it. */}
      <ul className={styles.names} tabIndex={0} aria-label={title}>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </div>
  );
}

/** Kinds of models in the order in which the backend told them. */
function byKind(models: BackendOffer['models']): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const { kind, name } of models) kinds.set(kind, [...(kinds.get(kind) ?? []), name]);
  return kinds;
}

/** What a backend said it can do when it was asked. */
export function OfferView({ offer }: { offer: BackendOffer }) {
  return (
    <div className={styles.offer}>
      <p className={styles.quiet}>
        {[
          offer.title,
          t('{count, plural, one {# job} other {# jobs}} at once', {
            count: offer.slots,
          }),
          t('up to {side, number} pixels a side', { side: offer.sideMax }),
          offer.memoryBytes > 0 && t('{size} of memory', { size: bytes(offer.memoryBytes) }),
          offer.previews && t('shows previews'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <Names title={t('Workflows')} names={offer.tasks.map(taskWords)} />
      {offer.samplers.length > 0 ? (
        <Names title={t('Samplers')} names={offer.samplers} />
      ) : (
        <p className={styles.quiet}>{t('Takes any sampler.')}</p>
      )}
      {offer.schedulers.length > 0 && (
        <Names title={t('Schedulers')} names={offer.schedulers} />
      )}
      {[...byKind(offer.models)].map(([kind, names]) => (
        <Names key={kind} title={modelKindWords(kind)} names={names} />
      ))}
      {offer.isModel && offer.models.length === 0 && (
        <p className={styles.quiet}>
          {t('It reports no models: it can only do what needs none.')}
        </p>
      )}
    </div>
  );
}
