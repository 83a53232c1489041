import { describe, expect, it } from 'vitest';
import { nameOf, typeOf } from './first-guess';

describe('a draft’s first name', () => {
  it('comes from the file name without its ending', () => {
    expect(nameOf('my_style-v2.1.safetensors')).toBe('My style v2.1');
    expect(nameOf('.safetensors')).toBe('.safetensors');
  });
});

describe('a draft’s first type', () => {
  it('comes from kind and size', () => {
    expect(typeOf({ name: 'a.zip', size: 10_000_000_000 })).toBe('Other');
    expect(typeOf({ name: 'a.pt', size: 25_000 })).toBe('TextualInversion');
    expect(typeOf({ name: 'a.safetensors', size: 144_000_000 })).toBe('LORA');
    expect(typeOf({ name: 'a.safetensors', size: 6_900_000_000 })).toBe('Checkpoint');
  });
});
