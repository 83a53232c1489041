import type { SearchHit, Snippet } from '../../api/search';
import styles from './search.module.css';

/** A text with the words that were looked for marked in it. */
export function Marked({ snippet }: { snippet: Snippet }) {
  return snippet.parts.map((part, index) =>
    part.match ? (
      <mark key={index} className={styles.match}>
        {part.text}
      </mark>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  );
}

const textOf = (snippet: Snippet) => snippet.parts.map((part) => part.text).join('');

/** What a hit is called; `without` stands for a thing that has no name. */
export function HitTitle({ hit, without }: { hit: SearchHit; without: string }) {
  const whole = hit.snippets.find((one) => textOf(one) === hit.title);
  if (hit.title && whole) return <Marked snippet={whole} />;
  return hit.title || without;
}

/** What a card says anyway. */
const said = new Set(['name', 'title', 'creator', 'types', 'bases', 'tools']);

/** Where else the words stand: the first place that the card does not show. */
export function HitSnippet({ hit }: { hit: SearchHit }) {
  const other = hit.snippets.find(
    (one) => !said.has(one.field) && one.parts.some((part) => part.match),
  );
  if (!other) return null;
  return (
    <p className={styles.snippet}>
      <Marked snippet={other} />
    </p>
  );
}
