import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
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

export function PersonChip({ username, size = 24 }: { username: string; size?: number }) {
  return (
    <Link to="/user/$username" params={{ username }} className={styles.chip}>
      <Face name={username} size={size} />
      <span className={styles.name}>{username}</span>
    </Link>
  );
}
