import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ModelCard } from '../../api/shapes';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { FieldError, Select } from '../../ui/field';
import { Icon } from '../../ui/icon';
import { kindWords } from '../../ui/recipe/words';
import { Slider } from '../../ui/slider';
import { Bone } from '../../ui/state';
import { useChosen } from './chosen';
import type { Known } from './chosen';
import { usePanel } from './context';
import type { Chosen, Resource } from './draft';
import { ModelPicker } from './model-picker';
import type { Picked } from './model-picker';
import { SmallCover } from './small-cover';
import styles from './models-part.module.css';

function where({ backends, missing }: Known): { text: string; bad: boolean } | undefined {
  if (missing) return { text: t('It is no longer here.'), bad: true };
  if (!backends) return undefined;
  return backends.length
    ? { text: t('On {names}', { names: backends.join(', ') }), bad: false }
    : { text: t('No backend here has it'), bad: true };
}

interface RowProps {
  chosen: Chosen;
  kind?: Resource['kind'];
  fault?: string;
  onChange: (version: number) => void;
  onRemove: () => void;
  children?: ReactNode;
}

function Versions({ model, version, onChange }: {
  model: ModelCard;
  version: number;
  onChange: (version: number) => void;
}) {
  if (model.versions.length < 2) {
    return <span>{model.versions.find((one) => one.id === version)?.name}</span>;
  }
  return (
    <Select
      compact
      aria-label={t('Version of {name}', { name: model.name })}
      value={String(version)}
      onChange={(event) => onChange(Number(event.target.value))}
      options={model.versions.map((one) => ({ value: String(one.id), label: one.name }))}
    />
  );
}

/** A model that was chosen: what it is, who has it, and what speaks against it. */
function Row({ chosen, kind, fault, onChange, onRemove, children }: RowProps) {
  const known = useChosen(chosen);
  const { model, version, title } = known;
  const place = where(known);
  const loading = !title && !known.missing;
  return (
    <li className={styles.row} data-bad={Boolean(fault) || undefined}>
      <div className={styles.cover}>
        {model ? (
          <SmallCover model={model} />
        ) : (
          <span className={styles.plain}>
            <Icon name="layers" size={20} />
          </span>
        )}
      </div>
      <div className={styles.about}>
        {loading ? (
          <Bone height="1.2rem" width="60%" />
        ) : model ? (
          <Link
            to="/models/$id"
            params={{ id: String(model.id) }}
            search={{ version: String(chosen.version) }}
            className={styles.name}
          >
            {title}
          </Link>
        ) : (
          <span className={styles.name}>{title || t('Version {id}', { id: chosen.version })}</span>
        )}
        <div className={styles.facts}>
          {model && chosen.version !== undefined && (
            <Versions model={model} version={chosen.version} onChange={onChange} />
          )}
          {version?.baseModel && <span>{version.baseModel}</span>}
          {model && <span>{typeWords(model.type)}</span>}
          {!model && kind && <span>{kindWords(kind)}</span>}
          {place && <span data-bad={place.bad || undefined}>{place.text}</span>}
        </div>
      </div>
      <Button
        size="small"
        variant="ghost"
        icon="cross"
        aria-label={t('Remove {name}', { name: title })}
        onClick={onRemove}
      />
      {children}
      {version && <Trained words={version.trainedWords} />}
      {fault && (
        <div className={styles.whole}>
          <FieldError>{fault}</FieldError>
        </div>
      )}
    </li>
  );
}

/** The words that a model was trained on; pressed, they join the prompt. */
function Trained({ words }: { words: string[] }) {
  const { draft, change } = usePanel();
  const unused = words.filter((word) => !draft.prompt.includes(word));
  if (!unused.length) return null;
  return (
    <div className={styles.words} role="group" aria-label={t('Trigger words')}>
      {unused.slice(0, 8).map((word) => (
        <button
          key={word}
          type="button"
          onClick={() => change({ prompt: [draft.prompt.trim(), word].filter(Boolean).join(', ') })}
        >
          <Icon name="plus" size={14} /> {word}
        </button>
      ))}
    </div>
  );
}

function Nothing({ text }: { text: string }) {
  return <p className={styles.nothing}>{text}</p>;
}

/** The model that paints, or for upscaling the one that makes larger. */
export function ModelPart() {
  const { draft, change, fault } = usePanel();
  const [open, setOpen] = useState(false);
  const upscales = draft.workflow === 'upscale';
  const chosen = upscales ? draft.upscaler : draft.model;
  const set = (next: Chosen | undefined) => change(upscales ? { upscaler: next } : { model: next });
  return (
    <section className={styles.part} aria-label={upscales ? t('Upscaler') : t('Model')}>
      <div className={styles.head}>
        <h2>{upscales ? t('Upscaler') : t('Model')}</h2>
        <Button size="small" icon="search" onClick={() => setOpen(true)}>
          {chosen ? t('Change') : t('Choose')}
        </Button>
      </div>
      {chosen ? (
        <ul>
          <Row
            chosen={chosen}
            fault={fault('/model')}
            onChange={(version) => set({ version })}
            onRemove={() => set(undefined)}
          />
        </ul>
      ) : (
        <Nothing text={t('Any model a backend has. Choose one to be specific.')} />
      )}
      {open && (
        <ModelPicker
          use={upscales ? 'upscaler' : 'model'}
          onClose={() => setOpen(false)}
          onPick={({ version, name }) => {
            set({ version, name });
            setOpen(false);
          }}
        />
      )}
    </section>
  );
}

/** What takes part beside the model: LoRAs, embeddings and their like, each with its strength. */
export function ResourcesPart() {
  const { draft, change, options, fault } = usePanel();
  const [open, setOpen] = useState(false);
  const base = useChosen(draft.model).version?.baseModel;
  const all = draft.resources;
  const put = (place: number, part: Partial<Resource>) =>
    change({ resources: all.map((one, at) => (at === place ? { ...one, ...part } : one)) });
  function add({ version, name, kind }: Picked) {
    const there = all.some((one) => one.version === version && one.name === name);
    if (!there) change({ resources: [...all, { version, name, kind, strength: 1 }] });
    setOpen(false);
  }
  const full = options !== undefined && all.length >= options.resourcesMax;
  return (
    <section className={styles.part} aria-label={t('Resources')}>
      <div className={styles.head}>
        <h2>
          {t('Resources')} {all.length > 0 && <Badge>{String(all.length)}</Badge>}
        </h2>
        <Button size="small" icon="plus" disabled={full} onClick={() => setOpen(true)}>
          {t('Add')}
        </Button>
      </div>
      {all.length > 0 ? (
        <ul>
          {all.map((one, place) => (
            <Row
              key={`${one.version ?? ''}${one.name ?? ''}`}
              chosen={one}
              kind={one.kind}
              fault={fault(`/resources/${place}`)}
              onChange={(version) => put(place, { version })}
              onRemove={() => change({ resources: all.filter((_, at) => at !== place) })}
            >
              <div className={styles.strength}>
                <span aria-hidden="true">{t('Strength')}</span>
                <Slider
                  bare
                  label={t('Strength of resource {place}', { place: place + 1 })}
                  value={one.strength}
                  min={-1}
                  max={2}
                  step={0.05}
                  least={-10}
                  most={10}
                  onChange={(strength) => put(place, { strength: strength ?? 1 })}
                />
              </div>
            </Row>
          ))}
        </ul>
      ) : (
        <Nothing text={t('LoRAs, embeddings and others that change what a model paints.')} />
      )}
      {open && (
        <ModelPicker use="resource" base={base} onClose={() => setOpen(false)} onPick={add} />
      )}
    </section>
  );
}
