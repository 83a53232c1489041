import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { t } from '../text/words';
import { Button } from './button';
import styles from './dialog.module.css';

interface DialogProps {
  open: boolean;
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** `drawer` comes from the side and fills the height; `large` is for work within it. */
  shape?: 'dialog' | 'drawer' | 'large';
}

/**
 * The browser's modal dialog: focus stays inside and returns, Escape closes, the page behind is
 * inert. (Radix's would add an inline <style>, which the content security policy forbids.)
 */
export function Dialog({ open, title, onClose, children, shape = 'dialog' }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || !open) return;
    dialog.showModal();
    return () => dialog.close();
  }, [open]);
  if (!open) return null;
  return (
    <dialog
      ref={element}
      className={shape === 'dialog' ? styles.dialog : `${styles.dialog} ${styles[shape]}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        <Button
          variant="ghost"
          size="small"
          icon="cross"
          aria-label={t('Close')}
          onClick={onClose}
        />
      </div>
      <div className={styles.body}>{children}</div>
    </dialog>
  );
}

export function Drawer(props: Omit<DialogProps, 'shape'>) {
  return <Dialog {...props} shape="drawer" />;
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={styles.actions}>{children}</div>;
}
