import { expect, test } from 'vitest';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';

test('the same text is the same unit vector, and another text another', async () => {
  const embedder = createStubEmbedder({ dimension: 24 });
  const [first, other] = await embedder.embedPassages(['one', 'two']);
  expect(await embedder.embedQuery('one')).toEqual(first);
  expect(other).not.toEqual(first);
  expect(first).toHaveLength(24);
  expect(Math.hypot(...first!)).toBeCloseTo(1, 6);
});
