import { describe, expect, it } from 'vitest';
import { many, one, parseSearch, stringifySearch } from './search';

describe('search parameters', () => {
  it('come back as they were written', () => {
    const search = { query: 'a & b=c', type: ['LORA', 'VAE'], sort: 'Newest' };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it('leave out what is empty', () => {
    expect(stringifySearch({ query: '', type: [], page: undefined })).toBe('');
  });

  it('are read as one or as many, whatever the address holds', () => {
    expect(one(['x', 'y'])).toBe('x');
    expect(one('')).toBeUndefined();
    expect(many('x')).toEqual(['x']);
    expect(many(['x', 'x', ''])).toEqual(['x']);
    expect(many(undefined)).toBeUndefined();
  });
});
