import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { imageQuery, images } from '../../api/images';
import type { ImageCard } from '../../api/images';
import { postQuery, posts } from '../../api/posts';
import type { PostCard } from '../../api/posts';
import { t } from '../../text/words';
import { Button } from '../../ui/button';
import { Check, Select } from '../../ui/field';
import { Picture } from '../../ui/picture/picture';
import { RecipePart } from '../../ui/recipe/recipe';
import { toolWords } from '../../ui/recipe/words';
import { Notice } from '../../ui/state';
import { say } from '../../ui/toast';
import { levelOptions } from '../../ui/viewer/level';
import { moved } from './order';
import styles from './create-post.module.css';

interface RowProps {
  image: ImageCard;
  place: number;
  count: number;
  onMove: (to: number) => void;
  onGone: () => void;
}

/** What was read from the file, as it comes in. */
function Live({ image }: { image: ImageCard }) {
  const view = useQuery(imageQuery(image.id)).data;
  const recipe = view?.recipe;
  if (!view || view.image.state === 'pending') {
    return (
      <p className={styles.quiet} role="status">
        {t('Reading the file…')}
      </p>
    );
  }
  if (view.image.state !== 'ready') {
    return <Notice tone="danger">{view.image.problem || t('This file could not be read')}</Notice>;
  }
  const known = view.resources.filter((one) => one.model !== undefined).length;
  const notes = [
    recipe ? (toolWords(recipe.tool) ?? t('Recipe found')) : t('No recipe in the file'),
    view.resources.length > 0 &&
      t('{known} of {count} models found here', { known, count: view.resources.length }),
    `${view.image.width} × ${view.image.height}`,
  ];
  return (
    <>
      <p className={styles.quiet}>{notes.filter(Boolean).join(' · ')}</p>
      {recipe && (
        <details className={styles.recipe}>
          <summary>
            <span>{recipe.prompt || t('The recipe')}</span>
          </summary>
          <RecipePart view={view} />
        </details>
      )}
    </>
  );
}

function Row({ image, place, count, onMove, onGone }: RowProps) {
  const queries = useQueryClient();
  const view = useQuery(imageQuery(image.id)).data;
  const name = t('image {place}', { place: place + 1 });
  const change = useMutation({
    mutationFn: (body: { nsfwLevel?: number; hideMeta?: boolean }) => images.change(image.id, body),
    onSuccess: (fresh) => queries.setQueryData(imageQuery(image.id).queryKey, fresh),
    onError: (error) => say(error.message, { bad: true }),
  });
  const remove = useMutation({
    mutationFn: () => images.remove(image.id),
    onSuccess: onGone,
    onError: (error) => say(error.message, { bad: true }),
  });
  return (
    <>
      <div className={styles.thumb}>
        <Picture key={image.state} image={image} width={160} />
        {place === 0 && count > 1 && <span className={styles.first}>{t('Cover')}</span>}
      </div>
      <div className={styles.about}>
        <Live image={image} />
        <div className={styles.controls}>
          <Select
            compact
            aria-label={t('Maturity of {name}', { name })}
            value={String(view?.levels.claim ?? 0)}
            onChange={(event) => change.mutate({ nsfwLevel: Number(event.target.value) })}
            options={[{ value: '0', label: t('Maturity: choose') }, ...levelOptions()]}
          />
          {view?.recipe && (
            <Check
              checked={view.hideMeta}
              onChange={(event) => change.mutate({ hideMeta: event.target.checked })}
              label={t('Keep the recipe private')}
            />
          )}
        </div>
      </div>
      <div className={styles.moves}>
        <Button
          size="small"
          variant="ghost"
          icon="up"
          aria-label={t('Move {name} up', { name })}
          disabled={place === 0}
          onClick={() => onMove(place - 1)}
        />
        <Button
          size="small"
          variant="ghost"
          icon="down"
          aria-label={t('Move {name} down', { name })}
          disabled={place === count - 1}
          onClick={() => onMove(place + 1)}
        />
        <Button
          size="small"
          variant="ghost"
          icon="trash"
          aria-label={t('Remove {name}', { name })}
          busy={remove.isPending}
          onClick={() => remove.mutate()}
        />
      </div>
    </>
  );
}

/** The images of a post in their order: dragged, or moved by buttons. */
export function ImagesPart({ post }: { post: PostCard }) {
  const queries = useQueryClient();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const all = post.images;

  async function move(from: number, to: number) {
    if (from === to) return;
    const ordered = moved(all, from, to);
    const key = postQuery(post.id).queryKey;
    queries.setQueryData(key, { ...post, images: ordered });
    try {
      const ids = ordered.map((image) => image.id);
      queries.setQueryData(key, await posts.order(post.id, ids));
    } catch (error) {
      queries.setQueryData(key, post);
      say((error as Error).message, { bad: true });
    }
  }

  return (
    <ol className={styles.images} aria-label={t('Images')}>
      {all.map((image, place) => (
        <li
          key={image.id}
          className={styles.image}
          draggable
          data-dragged={dragged === place}
          data-over={over === place && dragged !== place}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/x-image', String(image.id));
            setDragged(place);
          }}
          onDragOver={(event) => {
            if (dragged === null) return;
            event.preventDefault();
            setOver(place);
          }}
          onDragEnd={() => {
            setDragged(null);
            setOver(null);
          }}
          onDrop={(event) => {
            if (dragged === null) return;
            event.preventDefault();
            event.stopPropagation();
            void move(dragged, place);
            setDragged(null);
            setOver(null);
          }}
        >
          <Row
            image={image}
            place={place}
            count={all.length}
            onMove={(to) => void move(place, to)}
            onGone={() => void queries.invalidateQueries({ queryKey: ['post', post.id] })}
          />
        </li>
      ))}
    </ol>
  );
}
