import { describe, expect, it } from 'vitest';
import { RowDigest } from '../../../src/backups/rowDigest.ts';

function digestOf(...lines: string[]): { rows: number; text: string } {
  const digest = new RowDigest();
  for (const line of lines) digest.add(line);
  return { rows: digest.rows, text: digest.text };
}

describe('RowDigest', () => {
  it('is the same for the same rows in another order', () => {
    expect(digestOf('["a"]', '["b"]', '["c"]')).toEqual(digestOf('["c"]', '["a"]', '["b"]'));
  });

  it('differs for another row, a missing one, and one more', () => {
    const texts = [digestOf('["a"]', '["b"]'), digestOf('["a"]', '["c"]'), digestOf('["a"]'), digestOf('["a"]', '["b"]', '["b"]')].map(({ text }) => text);
    expect(new Set(texts).size).toBe(4);
  });

  it('has a form of its own for no rows', () => {
    expect(digestOf()).toEqual({ rows: 0, text: '0'.repeat(32) });
  });
});
