import { t } from '../../text/words';

export const sorts = () => [
  { value: 'Newest', label: t('Newest') },
  { value: 'Most Downloaded', label: t('Most downloaded') },
  { value: 'Highest Rated', label: t('Highest rated') },
  { value: 'Oldest', label: t('Oldest') },
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
