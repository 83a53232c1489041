import type { CollectedKind } from '../api/collections';

/** The number of a thing in what somebody typed: its address on this site, or the number alone. */
export function numberIn(text: string, kind: CollectedKind): number | undefined {
  const found = new RegExp(`^(?:.*/${kind}s/)?(\\d{1,10})(?:[/?#].*)?$`).exec(text.trim());
  return found ? Number(found[1]) || undefined : undefined;
}
