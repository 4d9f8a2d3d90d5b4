import type { Embedder } from '../../ports/embedder.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import type { UsageMeter } from './usageMeter.ts';

/**
 * The same embedder, which counts the queries of each tenant: their tokens once the model has answered, as the tokenizer counts them, and what
 * it computed here. It stands below the memory of vectors: a query whose vector is remembered costs nothing. Of several searches that wait for one
 * vector the first is counted.
 */
export function createMeteredEmbedder(embedder: Embedder, tokenizer: Tokenizer, meter: Pick<UsageMeter, 'count'>): Embedder {
  const { contract, tokenVectors } = embedder;
  const embedQuery: Embedder['embedQuery'] = async (text, tenant) => {
    if (tenant === undefined) return embedder.embedQuery(text);
    const vector = await embedder.embedQuery(text, tenant, (seconds) => meter.count(tenant, 'processorSeconds', seconds));
    meter.count(tenant, 'queryTokens', tokensOf(contract.queryPrefix + text));
    return vector;
  };
  const tokensOf = (text: string): number => Math.min(tokenizer.count(text), contract.tokenLimit);
  const counted = tokenVectors === undefined ? {} : {
    tokenVectors: {
      ...tokenVectors,
      async embedQueryTokens(text: string, tenant?: string) {
        if (tenant === undefined) return tokenVectors.embedQueryTokens(text);
        const vectors = await tokenVectors.embedQueryTokens(text, tenant, (seconds) => meter.count(tenant, 'processorSeconds', seconds));
        meter.count(tenant, 'queryTokens', tokensOf(text));
        return vectors;
      },
    },
  };
  return { ...embedder, ...counted, embedQuery };
}
