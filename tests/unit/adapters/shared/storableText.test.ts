import { expect, test } from 'vitest';
import { storableText } from '../../../../src/adapters/shared/storableText.ts';

test('no controls, no halves, no more than asked', () => {
  expect(storableText('a\u0000\u0001b\tc\u007fd', 100)).toBe('a b c d');
  expect(storableText('ab\ud83d\ude00', 3)).toBe('ab\ufffd');
  expect(storableText('\udc00x', 9)).toBe('\ufffdx');
});
