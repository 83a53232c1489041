import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import styles from './panel.module.css';

interface MoreProps {
  title: ReactNode;
  /** Something in it is in use: it begins open. */
  used?: boolean;
  /** Something in it is wrong: it opens, so that it is seen. */
  wrong: boolean;
  children: ReactNode;
}

/** Parts of the panel that most people leave alone. */
export function More({ title, used, wrong, children }: MoreProps) {
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (element.current && (used || wrong)) element.current.open = true;
  }, [used, wrong]);
  return (
    <details ref={element} className={styles.more}>
      <summary>{title}</summary>
      <div className={styles.part}>{children}</div>
    </details>
  );
}
