import { generations, isFinal } from '../../api/generation';
import type {
  GeneratedImage,
  Generation,
  GenerationFilter,
  GenerationStatus,
} from '../../api/generation';
import { Feed } from '../../ui/justified-grid/feed';
import type { Sized } from '../../ui/justified-grid/feed';

/** One tile: a picture by its own number, or by minus its own a generation that has none. */
export interface HistoryItem extends Sized {
  generation: number;
  picture?: GeneratedImage;
}

export const ended: GenerationStatus[] = ['succeeded', 'failed', 'canceled', 'expired'];

export function itemsOf(card: Generation): HistoryItem[] {
  if (card.images.length) {
    return card.images.map((picture) => {
      const { id, width, height } = picture.image;
      return { id, width, height, generation: card.id, picture };
    });
  }
  // Its words need room, whatever shape the picture would have had.
  return [{ id: -card.id, width: 1, height: 1, generation: card.id }];
}

/** Whether the server would list it under this filter. */
export function matches(filter: GenerationFilter, card: Generation): boolean {
  return (
    isFinal(card.status) &&
    (!filter.status || filter.status.includes(card.status)) &&
    (!filter.workflow || filter.workflow === card.workflow) &&
    (!filter.favourite || card.favourite) &&
    (!filter.tag || card.tags.includes(filter.tag))
  );
}

const part = 30;

export const firstPart = (filter: GenerationFilter) =>
  generations.list({ ...filter, status: filter.status ?? ended, limit: part });

/** The ended generations of this filter as tiles; `note` is told of every card that was read. */
export function historyFeed(
  filter: GenerationFilter,
  note: (card: Generation) => boolean,
): Feed<HistoryItem> {
  return new Feed(async (cursor) => {
    const query = { ...filter, status: filter.status ?? ended, limit: part };
    for (let at = cursor; ; ) {
      const { items, nextCursor } = await generations.list({ ...query, cursor: at });
      const tiles = items.filter(note).flatMap(itemsOf);
      if (tiles.length || !nextCursor) return { items: tiles, next: nextCursor };
      at = nextCursor;
    }
  });
}
