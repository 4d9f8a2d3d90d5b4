import { sql } from 'kysely';
import type { UsageAmounts } from '../../../contracts/usage.ts';

export type AmountRow = Readonly<Record<'tokens' | 'embeddings' | 'bytes' | 'searches' | 'query_tokens' | 'reranks', string>> & { readonly credits: number; readonly processor_seconds: number };

/** Of rows of sums. */
export const sums = sql`coalesce(sum(tokens), 0)::bigint as tokens, coalesce(sum(embeddings), 0)::bigint as embeddings, coalesce(sum(bytes), 0)::bigint as bytes,
  coalesce(sum(credits), 0)::double precision as credits, coalesce(sum(searches), 0)::bigint as searches, coalesce(sum(query_tokens), 0)::bigint as query_tokens,
  coalesce(sum(reranks), 0)::bigint as reranks, coalesce(sum(processor_seconds), 0)::double precision as processor_seconds`;

export function toAmounts({ tokens, embeddings, bytes, credits, searches, query_tokens: queryTokens, reranks, processor_seconds: processorSeconds }: AmountRow): UsageAmounts {
  return { tokens: Number(tokens), embeddings: Number(embeddings), bytes: Number(bytes), credits, searches: Number(searches), queryTokens: Number(queryTokens), reranks: Number(reranks), processorSeconds };
}
