import { exact, relative } from '../text/format';

/** A moment in words, the exact one on hover. */
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return null;
  const moment = new Date(at);
  return (
    <time dateTime={at} title={exact(moment)}>
      {relative(moment)}
    </time>
  );
}
