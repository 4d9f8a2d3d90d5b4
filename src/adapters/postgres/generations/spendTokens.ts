import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';

/**
 * Counts tokens, and refuses those beyond what was approved. A switch holds the row while it has the generation follow the last changes: what
 * that takes is held against the approval and not counted, since to wait for the switch would be to wait for oneself.
 */
export async function spendTokens(kysely: Kysely<Schema>, id: string, tokens: number): Promise<void> {
  const { rows } = await sql<{ counted: boolean }>`
    with free as (select id from index_generations where id = ${id} for no key update skip locked),
    counted as (
      update index_generations generation set tokens = generation.tokens + ${tokens} from free
      where generation.id = free.id and ${isApproved(tokens)} returning generation.id)
    select exists (select from counted) as counted from index_generations generation
    where generation.id = ${id} and ${isApproved(tokens)}`.execute(kysely);
  if (rows.length === 0) throw new CatalystError('REINDEX_BUDGET_EXHAUSTED', `The generation ${id} may not ask the model for ${tokens} tokens more.`);
}

function isApproved(tokens: number) {
  return sql`(generation.state not in ('building', 'ready') or generation.maximum_tokens is null or generation.tokens + ${tokens} <= generation.maximum_tokens)`;
}
