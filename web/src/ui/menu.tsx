import * as Radix from '@radix-ui/react-dropdown-menu';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactElement, ReactNode, Ref } from 'react';
import { Icon } from './icon';
import type { IconName } from './icon';
import { portal } from './portal';
import styles from './menu.module.css';

interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: 'start' | 'end';
}

/** Not modal: the modal form would lock scrolling by an inline <style>. */
export function Menu({ trigger, children, align = 'end' }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={portal()}>
        <Radix.Content className={styles.menu} align={align} sideOffset={6} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ItemProps {
  icon?: IconName;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon, danger, disabled, onSelect, children }: ItemProps) {
  return (
    <Radix.Item
      className={styles.item}
      data-danger={danger || undefined}
      disabled={disabled}
      onSelect={onSelect}
    >
      {icon && <Icon name={icon} />}
      {children}
    </Radix.Item>
  );
}

type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & {
  icon?: IconName;
  ref?: Ref<HTMLAnchorElement>;
};

function MenuAnchor({ icon, children, ...rest }: LinkProps) {
  return (
    <Radix.Item asChild>
      <a {...rest} className={styles.item}>
        {icon && <Icon name={icon} />}
        {children}
      </a>
    </Radix.Item>
  );
}

export const MenuLink = createLink(MenuAnchor);

interface ChoiceProps {
  value: string;
  onChange: (value: string) => void;
  options: { value: string; label: string; icon?: IconName }[];
}

/** Items of which one is on. */
export function MenuChoice({ value, onChange, options }: ChoiceProps) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <Radix.RadioItem
          key={option.value}
          value={option.value}
          className={styles.item}
          onSelect={(event) => event.preventDefault()}
        >
          {option.value === value || option.icon ? (
            <Icon name={option.value === value ? 'check' : option.icon!} />
          ) : (
            <span className={styles.unchosen} />
          )}
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine() {
  return <Radix.Separator className={styles.line} />;
}

export function MenuNote({ children }: { children: ReactNode }) {
  return <Radix.Label className={styles.note}>{children}</Radix.Label>;
}
