import type { JobState, Role, Standing } from '../../api/shapes';
import { t } from '../../text/words';

export function roleWords(role: Role): string {
  switch (role) {
    case 'administrator':
      return t('Administrator');
    case 'moderator':
      return t('Moderator');
    default:
      return t('Member');
  }
}

export const roles = (): { value: Role; label: string }[] =>
  (['member', 'moderator', 'administrator'] as const).map((value) => ({
    value,
    label: roleWords(value),
  }));

export const standings = (): { value: Standing; label: string }[] => [
  { value: 'active', label: t('Active') },
  { value: 'muted', label: t('Muted') },
  { value: 'banned', label: t('Banned') },
];

export function stateWords(state: JobState): string {
  switch (state) {
    case 'pending':
      return t('Waiting');
    case 'processing':
      return t('Running');
    case 'completed':
      return t('Done');
    case 'failed':
      return t('Failed');
    default:
      return t('Cancelled');
  }
}
