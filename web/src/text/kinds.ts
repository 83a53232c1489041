import { t } from './words';

/** What a collection holds, in the plural. */
export function subjectKindWords(kind: 'model' | 'image' | 'post'): string {
  switch (kind) {
    case 'model':
      return t('Models');
    case 'image':
      return t('Images');
    default:
      return t('Posts');
  }
}
