import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import type { Person } from '../api/shapes';
import { numberOf } from './cover/seed';
import styles from './person.module.css';

/** A face made from the name until people can bring their own. */
export function Face({ name, size = 24 }: { name: string; size?: number }) {
  const style = {
    '--hue': numberOf(name) % 360,
    width: size,
    height: size,
    fontSize: size * 0.42,
  } as CSSProperties;
  return (
    <span className={styles.face} style={style} aria-hidden="true">
      {(name[0] ?? '?').toUpperCase()}
    </span>
  );
}

export function PersonChip({ person, size = 24 }: { person: Person; size?: number }) {
  return (
    <Link to="/user/$username" params={{ username: person.username }} className={styles.chip}>
      <Face name={person.username} size={size} />
      <span className={styles.name}>{person.displayName || person.username}</span>
    </Link>
  );
}
