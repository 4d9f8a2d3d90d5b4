import { describe, expect, it } from 'vitest';
import { createStubEmbedder } from '../../../../src/adapters/embedding/stubEmbedder.ts';
import { createMeteredEmbedder } from '../../../../src/api/usage/meteredEmbedder.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { Embedder } from '../../../../src/ports/embedder.ts';

/** A model that takes a quarter of a second for a query and half of one for its tokens. */
const stub = createStubEmbedder({ dimension: 4 });
const model: Embedder = {
  ...stub,
  contract: { ...stub.contract, queryPrefix: 'find: ', tokenLimit: 6 },
  embedQuery(text, _tenant, onProcessorTime) {
    if (text === 'broken') return Promise.reject(new CatalystError('EMBEDDER_UNAVAILABLE', 'away'));
    onProcessorTime?.(0.25);
    return stub.embedQuery(text);
  },
  tokenVectors: {
    version: '1',
    embedPassages: () => Promise.resolve([]),
    embedQueryTokens(_text, _tenant, onProcessorTime) {
      onProcessorTime?.(0.5);
      return Promise.resolve([]);
    },
  },
};

function metered() {
  const counted: Record<string, number> = {};
  const embedder = createMeteredEmbedder(model, { count: (text) => text.split(' ').length }, { count: (tenant, what, amount) => void (counted[`${tenant} ${what}`] = (counted[`${tenant} ${what}`] ?? 0) + amount) });
  return { embedder, counted };
}

describe('an embedder that counts', () => {
  it('counts tokens with the prefix, as the model takes them, and the time that it computed', async () => {
    const { embedder, counted } = metered();
    expect(await embedder.embedQuery('two words', 'a')).toEqual(await stub.embedQuery('two words'));
    expect(counted).toEqual({ 'a queryTokens': 3, 'a processorSeconds': 0.25 });
    await embedder.embedQuery('many more words than the model takes at all', 'a');
    await embedder.tokenVectors?.embedQueryTokens('two words', 'b');
    expect(counted).toEqual({ 'a queryTokens': 9, 'a processorSeconds': 0.5, 'b queryTokens': 2, 'b processorSeconds': 0.5 });
  });

  it('counts nothing of what failed, nor of what nobody asked for', async () => {
    const { embedder, counted } = metered();
    await expect(embedder.embedQuery('broken', 'a')).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
    await embedder.embedQuery('a check of health');
    await embedder.tokenVectors?.embedQueryTokens('x');
    expect(counted).toEqual({});
  });
});
