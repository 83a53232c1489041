import { t } from '../../text/words';

export const sorts = () => [
  { value: 'newest', label: t('Newest') },
  { value: 'mostDownloaded', label: t('Most downloaded') },
  { value: 'highestRated', label: t('Highest rated') },
  { value: 'oldest', label: t('Oldest') },
];

export const periods = () => [
  { value: 'AllTime', label: t('All time') },
  { value: 'Year', label: t('This year') },
  { value: 'Month', label: t('This month') },
  { value: 'Week', label: t('This week') },
  { value: 'Day', label: t('Today') },
];

export const checkpointTypes = () => [
  { value: 'Trained', label: t('Trained') },
  { value: 'Merge', label: t('Merge') },
];

export function formatWords(format: string): string {
  switch (format) {
    case 'SafeTensor':
      return t('SafeTensors');
    case 'PickleTensor':
      return t('Pickle');
    default:
      return format;
  }
}
