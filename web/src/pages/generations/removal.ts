import { Problem } from '../../api/client';
import { generations } from '../../api/generation';
import { t } from '../../text/words';
import { say } from '../../ui/toast';
import type { Watch } from './watch';

/** As long as the words with "Undo" stay, and a moment more. */
const grace = 13_000;

interface Pending {
  watch: Watch;
  timer: ReturnType<typeof setTimeout>;
}

const pending = new Map<number, Pending>();

async function remove(id: number, tries = 3): Promise<void> {
  const entry = pending.get(id);
  if (!entry) return;
  try {
    await generations.remove(id);
    pending.delete(id);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) pending.delete(id);
    // A backend may still be letting go of what was canceled.
    else if (error instanceof Problem && error.code === 'generation_open' && tries > 1) {
      entry.timer = setTimeout(() => void remove(id, tries - 1), 3_000);
    } else {
      pending.delete(id);
      entry.watch.show(id);
      say(t('It could not be deleted: {detail}', { detail: (error as Error).message }), {
        bad: true,
      });
    }
  }
}

/** Who leaves has had the time to think again. */
function removeAll() {
  for (const [id, { timer }] of pending) {
    clearTimeout(timer);
    void generations.remove(id, true).catch(() => undefined);
  }
  pending.clear();
}

/**
 * The server forgets a generation for good, so it is only told when "Undo" is gone; until then the
 * generation is out of sight.
 */
export function removeSoon(watch: Watch, id: number) {
  if (pending.size === 0) addEventListener('pagehide', removeAll, { once: true });
  watch.hide(id);
  pending.set(id, { watch, timer: setTimeout(() => void remove(id), grace) });
}

export function keep(id: number) {
  const entry = pending.get(id);
  if (!entry) return;
  clearTimeout(entry.timer);
  pending.delete(id);
  entry.watch.show(id);
}
