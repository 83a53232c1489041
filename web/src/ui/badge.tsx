import type { ReactNode } from 'react';
import type { ModelStatus, Verdict } from '../api/shapes';
import { t } from '../text/words';
import { Icon } from './icon';
import type { IconName } from './icon';
import styles from './badge.module.css';

export type Tone = 'plain' | 'success' | 'warning' | 'danger' | 'accent';

export function Badge({
  tone,
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}

export function verdictWords(verdict: Verdict): string {
  switch (verdict) {
    case 'safe':
      return t('Safe');
    case 'suspicious':
      return t('Suspicious');
    case 'dangerous':
      return t('Dangerous');
    case 'pending':
      return t('Being inspected');
    default:
      return t('Not known');
  }
}

const verdicts: Record<Verdict, { tone: Tone; icon: IconName }> = {
  safe: { tone: 'success', icon: 'shield' },
  suspicious: { tone: 'warning', icon: 'warning' },
  dangerous: { tone: 'danger', icon: 'warning' },
  pending: { tone: 'plain', icon: 'clock' },
  unknown: { tone: 'plain', icon: 'info' },
};

/** What inspection found about a file's safety. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { tone, icon } = verdicts[verdict] ?? verdicts.unknown;
  return (
    <Badge tone={tone} icon={icon}>
      {verdictWords(verdict)}
    </Badge>
  );
}

const levels: [number, string][] = [
  [16, 'XXX'],
  [8, 'X'],
  [4, 'R'],
  [2, 'PG13'],
  [1, 'PG'],
];

/** The highest maturity level of a bit set; nothing for an unrated thing. */
export function levelName(bits: number): string | null {
  return levels.find(([bit]) => bits & bit)?.[1] ?? null;
}

export function LevelBadge({ bits }: { bits: number }) {
  const name = levelName(bits);
  if (!name) return null;
  return (
    <span className={`${styles.badge} ${styles.level}`} data-level={name}>
      {name === 'PG13' ? 'PG-13' : name}
    </span>
  );
}

export function statusWords(status: ModelStatus): string {
  switch (status) {
    case 'Draft':
      return t('Draft');
    case 'Scheduled':
      return t('Scheduled');
    case 'Published':
      return t('Published');
    case 'Unpublished':
      return t('Unpublished');
    case 'Archived':
      return t('Archived');
    default:
      return t('Deleted');
  }
}

const statusTones: Partial<Record<ModelStatus, Tone>> = {
  Published: 'success',
  Scheduled: 'accent',
  Deleted: 'danger',
};

export function StatusBadge({ status }: { status: ModelStatus }) {
  return <Badge tone={statusTones[status]}>{statusWords(status)}</Badge>;
}
