import type { FacetField, SearchKind, SearchSort } from '../api/search';
import { typeWords } from './models';
import { t } from './words';

/** What kind of things these are, in the plural. */
export function searchKindWords(kind: SearchKind): string {
  switch (kind) {
    case 'models':
      return t('Models');
    case 'images':
      return t('Images');
    case 'posts':
      return t('Posts');
    case 'users':
      return t('People');
    case 'collections':
      return t('Collections');
    case 'tags':
      return t('Tags');
    default:
      return kind;
  }
}

export function searchSortWords(sort: SearchSort): string {
  switch (sort) {
    case 'relevance':
      return t('Best match');
    case 'newest':
      return t('Newest');
    case 'oldest':
      return t('Oldest');
    case 'mostDownloaded':
      return t('Most downloaded');
    case 'mostLiked':
      return t('Most liked');
    case 'mostDiscussed':
      return t('Most discussed');
    case 'mostCollected':
      return t('Most collected');
    case 'mostImages':
      return t('Most images');
    case 'mostItems':
      return t('Most items');
    default:
      return t('Most followed');
  }
}

export function facetWords(field: FacetField): string {
  switch (field) {
    case 'type':
      return t('Type');
    case 'baseModel':
      return t('Base model');
    case 'tag':
      return t('Tag');
    case 'format':
      return t('File format');
    case 'checkpointType':
      return t('Checkpoint type');
    case 'tool':
      return t('Made with');
    default:
      return t('By');
  }
}

/** A value of a facet as people say it. */
export function facetValueWords(kind: SearchKind, field: FacetField, value: string): string {
  if (field === 'type') {
    if (kind === 'models') return typeWords(value);
    const plural = thingWords(value);
    if (plural) return plural;
  }
  if (field === 'format') {
    if (value === 'SafeTensor') return t('SafeTensors');
    if (value === 'PickleTensor') return t('Pickle');
  }
  if (field === 'checkpointType') {
    if (value === 'Trained') return t('Trained');
    if (value === 'Merge') return t('Merge');
  }
  return value;
}

function thingWords(value: string): string | undefined {
  switch (value) {
    case 'image':
      return t('Images');
    case 'video':
      return t('Videos');
    case 'model':
      return t('Models');
    case 'post':
      return t('Posts');
    default:
      return undefined;
  }
}
