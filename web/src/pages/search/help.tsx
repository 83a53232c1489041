import { t } from '../../text/words';
import { Dialog } from '../../ui/dialog';
import styles from './search.module.css';

const rows = () => [
  { query: 'harbour night', words: t('both words, in any order; a small typo is forgiven') },
  { query: '"harbour lights"', words: t('these words, one after the other') },
  { query: 'harbour -boat', words: t('the first word, without the second') },
  { query: 'type:lora', words: t('only this type') },
  { query: 'base:sdxl', words: t('only this base model, or all whose names begin so') },
  { query: 'by:anna', words: t('only what this person shows') },
  { query: 'tag:landscape', words: t('only what has this tag') },
  { query: 'hash:9aba26abdf', words: t('the model that has a file with this hash') },
  { query: 'base:"SDXL 1.0" -tag:photo', words: t('values with spaces, and what is left out') },
];

/** What may be typed beside plain words. */
export function QueryHelp() {
  return (
    <table className={styles.help}>
      <thead className="unseen">
        <tr>
          <th scope="col">{t('What you type')}</th>
          <th scope="col">{t('What is found')}</th>
        </tr>
      </thead>
      <tbody>
        {rows().map((row) => (
          <tr key={row.query}>
            <th scope="row">
              <code>{row.query}</code>
            </th>
            <td>{row.words}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={t('How to search')}>
      <QueryHelp />
    </Dialog>
  );
}
