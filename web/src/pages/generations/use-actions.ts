import { useNavigate } from '@tanstack/react-router';
import { Problem } from '../../api/client';
import { dropImage, images } from '../../api/images';
import { generations } from '../../api/generation';
import type { GeneratedImage, Generation } from '../../api/generation';
import { posts } from '../../api/posts';
import { t } from '../../text/words';
import { copy } from '../../ui/copy';
import { say } from '../../ui/toast';
import { keep, removeSoon } from './removal';
import type { Watch } from './watch';

/** A picture and what it was made by. */
export interface Made {
  card: Generation;
  picture: GeneratedImage;
}

const postMost = 20;

const complain = (error: unknown) => say((error as Error).message, { bad: true });

/** The prompt with its wildcards filled in, where one picture is meant. */
export function promptOf(card: Generation, picture?: GeneratedImage): string {
  const step = card.steps.find((one) => one.id === picture?.step);
  return step?.prompt || card.request.prompt || '';
}

/** The version that all of them were made with, if it is one of this server. */
function commonVersion(made: Made[]): number | undefined {
  const versions = new Set(made.map(({ card }) => card.request.model?.version));
  return versions.size === 1 ? [...versions][0] : undefined;
}

/** Into the gallery of the version, unless it went away meanwhile. */
function draftOf(images: number[], version: number | undefined) {
  return posts.create({ images, version }).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'version_missing') throw error;
    return posts.create({ images });
  });
}

function save(picture: GeneratedImage) {
  const link = document.createElement('a');
  link.href = picture.url;
  link.download = '';
  link.click();
}

/** What members do with their generations; each says what came of it. */
export function useActions(watch: Watch) {
  const navigate = useNavigate();

  async function queue(sent: Promise<Generation>) {
    try {
      watch.put(await sent);
      say(t('Added to the queue'));
    } catch (error) {
      complain(error);
    }
  }

  /** A generation goes out of the history with the last of its pictures. */
  async function removePictures(made: Made[]) {
    const gone: Made[] = [];
    for (const one of made) {
      const { id } = one.picture.image;
      try {
        await images.remove(id);
      } catch (error) {
        complain(error);
        break;
      }
      dropImage(id);
      gone.push(one);
      const left = watch.get(one.card.id)?.card.images.length ?? 0;
      if (left > 1) watch.dropPicture(one.card.id, id);
      else removeSoon(watch, one.card.id);
    }
    if (!gone.length) return;
    const undo = async () => {
      try {
        for (const { picture } of gone) await images.restore(picture.image.id);
      } catch (error) {
        complain(error);
      }
      for (const { card } of gone) {
        keep(card.id);
        watch.want(card.id);
      }
    };
    say(t('{count, plural, one {Deleted} other {# pictures deleted}}', { count: gone.length }), {
      action: { label: t('Undo'), run: () => void undo() },
    });
  }

  return {
    cancel: async (card: Generation) => {
      try {
        watch.put(await generations.cancel(card.id));
      } catch (error) {
        complain(error);
      }
    },

    /** The same request with its seed: the same pictures, where they can be made. */
    retry: (card: Generation) =>
      queue(
        card.status === 'succeeded'
          ? generations.create(card.request)
          : generations.retry(card.id),
      ),
    again: (card: Generation) => queue(generations.create({ ...card.request, seed: undefined })),

    favourite: async (card: Generation) => {
      const favourite = !card.favourite;
      watch.change(card.id, { favourite });
      try {
        watch.put(await generations.change(card.id, { favourite }));
      } catch (error) {
        watch.change(card.id, { favourite: !favourite });
        complain(error);
      }
    },

    tag: async (card: Generation, tags: string[]) => {
      watch.change(card.id, { tags });
      try {
        watch.put(await generations.change(card.id, { tags }));
      } catch (error) {
        watch.change(card.id, { tags: card.tags });
        complain(error);
      }
    },

    removePictures,

    /** Out of the history; its pictures stay among the member's images. */
    forget: (card: Generation) => {
      removeSoon(watch, card.id);
      say(t('Removed from the history'), {
        action: { label: t('Undo'), run: () => keep(card.id) },
      });
    },

    copyPrompt: (card: Generation, picture?: GeneratedImage) =>
      void copy(promptOf(card, picture), t('the prompt')),

    download: (made: Made[]) => {
      for (const { picture } of made) save(picture);
    },

    /** A draft of a post with these pictures, in the composer. */
    post: async (made: Made[]): Promise<boolean> => {
      const free = made.filter(({ picture }) => picture.image.post === undefined);
      if (free.length === 0) {
        say(t('These pictures are in posts already.'), { bad: true });
        return false;
      }
      if (free.length > postMost) {
        say(t('A post holds {count} images at most.', { count: postMost }), { bad: true });
        return false;
      }
      if (free.length < made.length) {
        const count = made.length - free.length;
        say(
          t('{count, plural, one {# is in a post} other {# are in posts}} already', { count }),
        );
      }
      try {
        const ids = free.map(({ picture }) => picture.image.id);
        const draft = await draftOf(ids, commonVersion(free));
        for (const { card } of free) watch.want(card.id);
        await navigate({ to: '/create-post', search: { post: String(draft.id) } });
        return true;
      } catch (error) {
        complain(error);
        return false;
      }
    },
  };
}

export type Actions = ReturnType<typeof useActions>;
