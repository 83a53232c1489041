import type { Template } from '../../api/generation';
import { t } from '../../text/words';
import type { ParameterType } from './draft';

export function typeWords(type: ParameterType): string {
  switch (type) {
    case 'text':
      return t('Text');
    case 'whole':
      return t('Whole number');
    case 'real':
      return t('Number');
    case 'flag':
      return t('Yes or no');
    case 'choice':
      return t('One of a list');
    case 'seed':
      return t('Seed');
    case 'picture':
      return t('Picture');
    case 'mask':
      return t('Mask');
    default:
      return type;
  }
}

export function audienceWords(audience: Template['audience']): string {
  return audience === 'members' ? t('Every member') : t('Only administrators');
}
