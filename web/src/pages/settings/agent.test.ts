import { describe, expect, it } from 'vitest';
import { agentWords } from './agent';

describe('agentWords', () => {
  it('finds the browser among the names it claims', () => {
    expect(
      agentWords(
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
      ),
    ).toBe('Edge on Windows');
    expect(
      agentWords('Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15'),
    ).toBe('Safari on macOS');
  });

  it('names other programs by their first word', () => {
    expect(agentWords('curl/8.5.0')).toBe('curl');
    expect(agentWords('')).toBe('Unknown program');
  });
});
