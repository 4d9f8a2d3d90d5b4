import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Changes of the index to another model: what they may cost, and what their gates found. */
export const reindex: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    await bindToTenant(database, 'sampled_queries');
  },
};

const statements = [
  `ALTER TABLE index_generations
    ADD COLUMN tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN maximum_tokens bigint,
    ADD COLUMN filled_documents bigint NOT NULL DEFAULT 0`,
  `ALTER TABLE index_decisions ADD COLUMN report jsonb`,
  // What was asked, without personal data: the last ones of each tenant, where the operator has a sample kept.
  `CREATE TABLE sampled_queries (
    tenant text NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    query text NOT NULL,
    policies text[] NOT NULL,
    PRIMARY KEY (tenant, id)
  )`,
];
