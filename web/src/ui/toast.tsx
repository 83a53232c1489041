import { useSyncExternalStore } from 'react';
import { t } from '../text/words';
import { Button } from './button';
import styles from './toast.module.css';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  action?: { label: string; run: () => void };
}

let shown: Toast[] = [];
let last = 0;
const watchers = new Set<() => void>();

function set(next: Toast[]) {
  shown = next;
  for (const watcher of watchers) watcher();
}

function dismiss(id: number) {
  set(shown.filter((toast) => toast.id !== id));
}

interface Extras {
  bad?: boolean;
  action?: Toast['action'];
}

/**
 * Says something in the corner; one with an action or a failure stays longer. What only confirms
 * makes room for the next that does.
 */
export function say(text: string, { bad = false, action }: Extras = {}) {
  const id = ++last;
  const kept = shown.filter((toast) => toast.bad || toast.action);
  set([...kept.slice(-2), { id, text, bad, action }]);
  setTimeout(() => dismiss(id), action || bad ? 12_000 : 5_000);
}

function subscribe(watcher: () => void) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function Toasts() {
  const toasts = useSyncExternalStore(subscribe, () => shown);
  return (
    <div className={styles.region} role="status" aria-live="polite" aria-atomic="false">
      {toasts.map((toast) => (
        <div key={toast.id} className={toast.bad ? `${styles.toast} ${styles.bad}` : styles.toast}>
          <p>{toast.text}</p>
          {toast.action && (
            <Button
              variant="ghost"
              size="small"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <Button
            variant="ghost"
            size="small"
            icon="cross"
            aria-label={t('Dismiss')}
            onClick={() => dismiss(toast.id)}
          />
        </div>
      ))}
    </div>
  );
}
