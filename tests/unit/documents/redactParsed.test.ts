import { describe, expect, it } from 'vitest';
import { redactParsed } from '../../../src/documents/redactParsed.ts';
import { blocksOf, parseText } from './parsing.ts';

describe('a parsed document without personal data', () => {
  it('keeps its blocks in their places', async () => {
    const parsed = await parseText('# Letter to jane@example.org\n\nCard 4111 1111 1111 1111, then more.\n\n- jane@example.org\n- none\n\nThe end.\n', 'text/markdown');
    const redacted = redactParsed(parsed, ['email', 'card']);
    expect(redacted.title).toBe('Letter to [email]');
    expect(blocksOf(redacted)).toEqual([['heading1', 'Letter to [email]'], ['paragraph', 'Card [card], then more.'], ['list', '- [email]\n- none'], ['paragraph', 'The end.']]);
    expect(redactParsed(parsed, ['iban'])).toEqual(parsed);
  });
});
