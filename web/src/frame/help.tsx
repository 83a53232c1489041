import { useState } from 'react';
import { t } from '../text/words';
import { Dialog } from '../ui/dialog';
import { Check } from '../ui/field';
import { setShortcuts, shortcuts, shortcutsOn } from './shortcuts';
import styles from './help.module.css';

export function Help({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [on, setOn] = useState(shortcutsOn);
  return (
    <Dialog open={open} onClose={onClose} title={t('Keyboard')}>
      <dl className={styles.keys}>
        {shortcuts().map(({ keys, text }) => (
          <div key={text} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <Check
        checked={on}
        onChange={(event) => {
          setOn(event.target.checked);
          setShortcuts(event.target.checked);
        }}
        label={t('Use single-key shortcuts')}
        hint={t('Turn this off if speech input or another tool presses these keys.')}
      />
    </Dialog>
  );
}
