import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { generationOptionsQuery } from '../../api/generation';
import type { GenerationModel } from '../../api/generation';
import { modelOfVersionQuery, modelsQuery } from '../../api/models';
import { modelHitsQuery } from '../../api/search';
import type { ModelCard, ModelType } from '../../api/shapes';
import { queries } from '../../queries';
import { typeWords } from '../../text/models';
import { t } from '../../text/words';
import { ButtonLink } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Check, TextField } from '../../ui/field';
import { Icon } from '../../ui/icon';
import { useLate } from '../../ui/late';
import { kindWords } from '../../ui/recipe/words';
import { Bone, Failure, Notice } from '../../ui/state';
import { Tabs } from '../../ui/tabs';
import type { Chosen, ResourceKind } from './draft';
import { SmallCover } from './small-cover';
import styles from './model-picker.module.css';

type Use = 'model' | 'upscaler' | 'resource';

/** What the catalogue calls it, and what backends do. */
const types: Record<Use, ModelType[]> = {
  model: ['Checkpoint'],
  upscaler: ['Upscaler'],
  resource: ['LORA', 'LoCon', 'DoRA', 'TextualInversion', 'Hypernetwork', 'VAE'],
};
const kinds: Record<Use, ResourceKind[]> = {
  model: ['checkpoint', 'diffusion_model'],
  upscaler: ['upscaler'],
  resource: ['lora', 'lycoris', 'dora', 'embedding', 'hypernetwork', 'vae'],
};

export interface Picked extends Chosen {
  kind?: ResourceKind;
}

interface PickerProps {
  use: Use;
  /** The base model that resources should be made for. */
  base?: string;
  onPick: (picked: Picked) => void;
  onClose: () => void;
}

function Line({ cover, name, facts, onPick }: {
  cover: ReactNode;
  name: string;
  facts: (string | undefined | false)[];
  onPick: () => void;
}) {
  return (
    <li>
      <button type="button" className={styles.line} onClick={onPick}>
        <span className={styles.cover}>{cover}</span>
        <span className={styles.about}>
          <strong>{name}</strong>
          <span>{facts.filter(Boolean).join(' · ')}</span>
        </span>
      </button>
    </li>
  );
}

function Offered({ models, text, onPick }: {
  models: GenerationModel[];
  text: string;
  onPick: PickerProps['onPick'];
}) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter((one) =>
    words.every((word) => one.name.toLowerCase().includes(word)),
  );
  if (!found.length) {
    return (
      <p className={styles.none}>
        {models.length
          ? t('No backend has a model with these words in its name.')
          : t('No connected backend reports any.')}
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {found.slice(0, 100).map((one) => (
        <Line
          key={`${one.kind}/${one.name}`}
          cover={<Icon name="layers" size={20} />}
          name={one.name}
          facts={[kindWords(one.kind as ResourceKind), one.backends.join(', ')]}
          onPick={() => onPick({ name: one.name, kind: one.kind as ResourceKind })}
        />
      ))}
    </ul>
  );
}

/** By search as one types; where that is not available, by the words of names. */
function useCatalogue(use: Use, text: string, base: string | undefined) {
  const type = types[use];
  const baseModel = base ? [base] : undefined;
  const hits = useQuery({ ...modelHitsQuery(text, type, baseModel), enabled: text !== '' });
  const ids = hits.data?.hits.map((hit) => hit.id);
  const plain = text === '' || hits.isError;
  const cards = useQuery({
    ...modelsQuery(
      plain
        ? { query: text || undefined, type, baseModel, limit: 20 }
        : { ids: ids?.length ? ids : undefined, limit: 20 },
    ),
    enabled: plain || Boolean(ids?.length),
  });
  const order = new Map(ids?.map((id, place) => [id, place]));
  const items =
    !plain && ids && !ids.length
      ? []
      : cards.data?.items.toSorted((one, other) =>
          plain ? 0 : (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0),
        );
  return { items, error: plain ? cards.error : (hits.error ?? cards.error), again: cards.refetch };
}

function Catalogue({ use, text, base, onPick }: Omit<PickerProps, 'onClose'> & { text: string }) {
  const [fitting, setFitting] = useState(true);
  const { items, error, again } = useCatalogue(use, text, fitting ? base : undefined);
  function pick(model: ModelCard) {
    const fits = model.versions.find((one) => one.baseModel === base);
    const version = fits ?? model.versions[0];
    if (!version) return;
    queries.setQueryData(modelOfVersionQuery(version.id).queryKey, model.id);
    onPick({ version: version.id });
  }
  return (
    <>
      {base && (
        <Check
          checked={fitting}
          onChange={(event) => setFitting(event.target.checked)}
          label={t('Only what was made for {base}', { base })}
        />
      )}
      {error ? (
        <Failure error={error} retry={() => void again()} />
      ) : !items ? (
        <Bone height="12rem" />
      ) : items.length === 0 ? (
        <p className={styles.none}>{t('Nothing like this is published here.')}</p>
      ) : (
        <ul className={styles.list}>
          {items.map((model) => (
            <Line
              key={model.id}
              cover={<SmallCover model={model} />}
              name={model.name}
              facts={[
                typeWords(model.type),
                model.versions[0]?.baseModel,
                t('by {name}', { name: model.creator }),
              ]}
              onPick={() => pick(model)}
            />
          ))}
        </ul>
      )}
    </>
  );
}

/** Chooses among what backends really have and what the catalogue knows. */
export function ModelPicker({ use, base, onPick, onClose }: PickerProps) {
  const options = useQuery(generationOptionsQuery()).data;
  const models = (options?.models ?? []).filter((one) =>
    kinds[use].includes(one.kind as ResourceKind),
  );
  const [tab, setTab] = useState<string>();
  const [text, setText] = useState('');
  const query = useLate(text.trim(), 200);
  const title = {
    model: t('Choose a model'),
    upscaler: t('Choose an upscaler'),
    resource: t('Add a resource'),
  }[use];
  return (
    <Dialog open shape="large" title={title} onClose={onClose}>
      <TextField
        label={t('Search')}
        type="search"
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {options?.onlySketches && (
        <Notice title={t('No AI model is connected')}>
          {t('Sketch, the built-in painter, uses no models. An administrator can add a backend.')}
        </Notice>
      )}
      <Tabs
        label={t('Where from')}
        value={tab ?? (models.length || !options ? 'backends' : 'catalogue')}
        onChange={setTab}
        tabs={[
          {
            value: 'backends',
            label: t('On the backends'),
            count: models.length,
            content: <Offered models={models} text={query} onPick={onPick} />,
          },
          {
            value: 'catalogue',
            label: t('In the catalogue'),
            content: <Catalogue use={use} text={query} base={base} onPick={onPick} />,
          },
        ]}
      />
      <div>
        <ButtonLink to="/models" search={{ type: types[use] }} size="small" variant="ghost">
          {t('Browse all')}
        </ButtonLink>
      </div>
    </Dialog>
  );
}
