import { sql } from 'kysely';
import type { UsageAmounts } from '../../../contracts/usage.ts';

export type AmountRow = Readonly<Record<Exclude<keyof UsageAmounts, 'credits'>, string>> & { readonly credits: number };

/** Of rows of sums. */
export const sums = sql`coalesce(sum(tokens), 0)::bigint as tokens, coalesce(sum(embeddings), 0)::bigint as embeddings, coalesce(sum(bytes), 0)::bigint as bytes,
  coalesce(sum(credits), 0)::double precision as credits, coalesce(sum(searches), 0)::bigint as searches, coalesce(sum(reranks), 0)::bigint as reranks`;

export function toAmounts({ tokens, embeddings, bytes, credits, searches, reranks }: AmountRow): UsageAmounts {
  return { tokens: Number(tokens), embeddings: Number(embeddings), bytes: Number(bytes), credits, searches: Number(searches), reranks: Number(reranks) };
}
