import { describe, expect, test } from 'vitest';
import { createLayeredCache } from '../../../../src/adapters/cache/layeredCache.ts';
import { createVectorCodec } from '../../../../src/adapters/cache/vectorCodec.ts';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';
import type { EmbeddingContract } from '../../../../src/contracts/embedding.ts';
import { createCachedEmbedder } from '../../../../src/retrieval/cache/cachedEmbedder.ts';

const cache = createLayeredCache({ name: 'query_embeddings', codec: createVectorCodec(8), maximumBytes: 100_000, emit: () => undefined });

function setUp(contract: Partial<EmbeddingContract> = {}) {
  const asked: string[] = [];
  const stub = createStubEmbedder({ dimension: 8 });
  const embedder = {
    ...stub,
    contract: { ...stub.contract, ...contract },
    embedQuery: (text: string) => {
      asked.push(text);
      return stub.embedQuery(text);
    },
  };
  return { asked, plain: stub, cached: createCachedEmbedder(embedder, cache) };
}

describe('an embedder that remembers queries', () => {
  test('embeds each text once a tenant and contract, however it is spaced', async () => {
    const { asked, plain, cached } = setUp({ revision: 'one' });
    const vectors = [await cached.embedQuery('caf\u00e9  hours', 'acme'), await cached.embedQuery(' cafe\u0301\nhours ', 'acme')];
    expect(asked).toEqual(['caf\u00e9 hours']);
    expect(vectors).toEqual([await plain.embedQuery('caf\u00e9 hours'), await plain.embedQuery('caf\u00e9 hours')]);
    await cached.embedQuery('caf\u00e9 hours', 'other');
    expect(asked).toHaveLength(2);
    const other = setUp({ revision: 'two' });
    await other.cached.embedQuery('caf\u00e9 hours', 'acme');
    expect(other.asked).toHaveLength(1);
  });

  test('joins those who ask at once, and keeps nothing where no tenant is named', async () => {
    const { asked, cached } = setUp({ revision: 'three' });
    await Promise.all(Array.from({ length: 20 }, () => cached.embedQuery('same', 'acme')));
    expect(asked).toHaveLength(1);
    await cached.embedQuery('same');
    await cached.embedQuery('same');
    expect(asked).toHaveLength(3);
  });

  test('case counts: other models read it', async () => {
    const { asked, cached } = setUp({ revision: 'four' });
    await cached.embedQuery('US', 'acme');
    await cached.embedQuery('us', 'acme');
    expect(asked).toEqual(['US', 'us']);
  });
});
