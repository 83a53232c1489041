import type { ReactNode } from 'react';
import type { Status, Verdict } from '../api/shapes';
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
    case 'unknown_import':
      return t('Unknown parts');
    case 'dangerous':
      return t('Dangerous');
    case 'malformed':
      return t('Malformed');
    case 'pending':
      return t('Being inspected');
    default:
      return t('Not inspected');
  }
}

const verdicts: Record<Verdict, { tone: Tone; icon: IconName }> = {
  safe: { tone: 'success', icon: 'shield' },
  unknown_import: { tone: 'warning', icon: 'warning' },
  malformed: { tone: 'danger', icon: 'warning' },
  dangerous: { tone: 'danger', icon: 'warning' },
  pending: { tone: 'plain', icon: 'clock' },
  failed: { tone: 'plain', icon: 'info' },
};

/** Loading such a file may run foreign code; a broken file is treated the same. */
export const isDangerous = (verdict: Verdict) => verdict === 'dangerous' || verdict === 'malformed';

/** What inspection found about a file's safety. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { tone, icon } = verdicts[verdict] ?? verdicts.failed;
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

type Standing = Status | 'TakenDown';

export function statusWords(status: Standing): string {
  switch (status) {
    case 'TakenDown':
      return t('Taken down');
    case 'Draft':
      return t('Draft');
    case 'Scheduled':
      return t('Scheduled');
    case 'Published':
      return t('Published');
    default:
      return t('Unpublished');
  }
}

const statusTones: Partial<Record<Standing, Tone>> = {
  TakenDown: 'danger',
  Published: 'success',
  Scheduled: 'accent',
};

export function StatusBadge({ status }: { status: Standing }) {
  return <Badge tone={statusTones[status]}>{statusWords(status)}</Badge>;
}
