import type { FieldFault } from '../../api/client';
import { t } from '../../text/words';
import styles from './search.module.css';

/** What a fault says; a code that is not known here speaks the server's words. */
function faultWords(fault: FieldFault): string {
  switch (fault.code) {
    case 'quote_open':
      return t('This quotation mark is not closed.');
    case 'value_missing':
      return t('Something must follow the colon.');
    case 'hash_bad':
      return t('A hash is 6 to 64 digits from 0 to 9 and a to f.');
    default:
      return fault.detail;
  }
}

interface FaultProps {
  q: string;
  faults: FieldFault[];
}

/** The query with the places marked where it is wrong, and what is wrong there. */
export function QueryFault({ q, faults }: FaultProps) {
  const characters = Array.from(q);
  const places = new Set(faults.map((fault) => fault.position));
  // A fault may stand behind the last character.
  if (places.has(characters.length)) characters.push(' ');
  return (
    <div className={styles.fault} role="status">
      <pre className={styles.query}>
        {characters.map((one, index) =>
          places.has(index) ? (
            <mark key={index} className={styles.wrong}>
              {one}
            </mark>
          ) : (
            one
          ),
        )}
      </pre>
      <ul>
        {faults.map((fault) => (
          <li key={`${fault.position}.${fault.code}`}>
            {t('Character {place}: {words}', {
              place: (fault.position ?? 0) + 1,
              words: faultWords(fault),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}
