import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Field, controlClass } from '../../ui/field';
import { Slider } from '../../ui/slider';
import { usePanel } from './context';
import styles from './panel.module.css';

/** A seed that every backend takes: 32 bits. */
export function chance(): string {
  return String(crypto.getRandomValues(new Uint32Array(1))[0]);
}

/** Which picture of the many that the words could mean, and how many of them. */
export function SeedPart() {
  const { draft, change, options, fault } = usePanel();
  return (
    <section className={styles.pair} aria-label={t('Seed and quantity')}>
      <Field
        label={t('Seed')}
        error={fault('/seed')}
        hint={draft.keepSeed ? t('Kept: the same picture again.') : t('A new one each time.')}
      >
        {(wires) => (
          <div className={styles.seed}>
            <input
              {...wires}
              className={controlClass}
              inputMode="numeric"
              autoComplete="off"
              placeholder={t('Random')}
              value={draft.seed}
              data-old={!draft.keepSeed || undefined}
              onChange={(event) => {
                const seed = event.target.value.replace(/\D/g, '').slice(0, 20);
                change({ seed, keepSeed: seed !== '' });
              }}
            />
            <Button
              size="small"
              variant="ghost"
              icon="dice"
              aria-label={t('Pick a random seed and keep it')}
              onClick={() => change({ seed: chance(), keepSeed: true })}
            />
            <Button
              size="small"
              variant="ghost"
              icon={draft.keepSeed ? 'lock' : 'unlock'}
              aria-label={t('Keep the seed')}
              aria-pressed={draft.keepSeed}
              onClick={() =>
                change({ keepSeed: !draft.keepSeed, seed: draft.seed || chance() })
              }
            />
          </div>
        )}
      </Field>
      <Slider
        label={t('Quantity')}
        error={fault('/quantity')}
        value={draft.quantity}
        min={1}
        max={Math.min(16, options?.quantityMax ?? 16)}
        most={options?.quantityMax}
        step={1}
        onChange={(quantity) => change({ quantity: Math.max(1, Math.round(quantity ?? 1)) })}
      />
    </section>
  );
}
