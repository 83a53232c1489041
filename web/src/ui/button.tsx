import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ButtonHTMLAttributes, Ref } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon';
import styles from './button.module.css';

interface Look {
  variant?: 'solid' | 'soft' | 'ghost' | 'danger';
  size?: 'small' | 'medium' | 'large';
  icon?: IconName;
  wide?: boolean;
  busy?: boolean;
}

function look({ variant = 'soft', size = 'medium', wide }: Look, square: boolean, extra?: string) {
  return [
    styles.button,
    styles[variant],
    size !== 'medium' && styles[size],
    wide && styles.wide,
    square && styles.square,
    extra,
  ]
    .filter(Boolean)
    .join(' ');
}

function Content({ icon, busy, children }: Look & { children?: React.ReactNode }) {
  return (
    <>
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </>
  );
}

type ButtonProps = Look &
  ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> };

/** A button without children needs `aria-label`. While `busy` it keeps its place and its focus. */
export function Button(props: ButtonProps) {
  const { variant, size, icon, wide, busy, className, children, type = 'button', ...rest } = props;
  const { onClick, ...others } = rest;
  return (
    <button
      {...others}
      type={type}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      aria-disabled={busy || undefined}
      className={look({ variant, size, wide }, !children, className)}
    >
      <Content icon={icon} busy={busy}>
        {children}
      </Content>
    </button>
  );
}

type AnchorProps = Look &
  AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

/** An address outside the pages (a download) that looks like a button. */
export function ButtonAnchor(props: AnchorProps) {
  const { variant, size, icon, wide, busy, className, children, ...rest } = props;
  return (
    <a {...rest} className={look({ variant, size, wide }, !children, className)}>
      <Content icon={icon} busy={busy}>
        {children}
      </Content>
    </a>
  );
}

export const ButtonLink = createLink(ButtonAnchor);
