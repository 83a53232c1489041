import type { FormEvent, ReactNode } from 'react';
import { Cover } from '../../ui/cover/cover';
import styles from './sign.module.css';

interface SignPageProps {
  title: string;
  intro?: ReactNode;
  seed: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** The quiet page around every form that lets people in. */
export function SignPage({ title, intro, seed, onSubmit, children }: SignPageProps) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <div className={styles.page}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <header>
          <h1>{title}</h1>
          {intro && <p>{intro}</p>}
        </header>
        {children}
      </form>
      <div className={styles.picture} aria-hidden="true">
        <Cover seed={seed} type="Checkpoint" />
      </div>
    </div>
  );
}

export const asideClass = styles.aside;
