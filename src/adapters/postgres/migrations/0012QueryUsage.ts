import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Tokens of queries and processor seconds join the usage. Those of ingestion are entered by the database out of what a stage needed, in the
 * transaction that records it. The sum is locked after the job wherever both are: what a stage changes of its job it changes first.
 */
export const queryUsage: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

const columns = 'ADD COLUMN query_tokens bigint NOT NULL DEFAULT 0, ADD COLUMN processor_seconds double precision NOT NULL DEFAULT 0';

const statements = [
  `ALTER TABLE usage_entries ${columns}`,
  `ALTER TABLE usage_sums ${columns}`,
  `ALTER TABLE stage_uses ADD COLUMN processor_seconds double precision NOT NULL DEFAULT 0`,
  `CREATE OR REPLACE FUNCTION sum_usage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO usage_sums AS sums (tenant, day, job_id, tokens, embeddings, bytes, credits, searches, reranks, query_tokens, processor_seconds)
    VALUES (NEW.tenant, (NEW.at AT TIME ZONE 'UTC')::date, coalesce(NEW.job_id, '00000000-0000-0000-0000-000000000000'), NEW.tokens, NEW.embeddings, NEW.bytes, NEW.credits, NEW.searches, NEW.reranks,
      NEW.query_tokens, NEW.processor_seconds)
    ON CONFLICT (tenant, day, job_id) DO UPDATE SET tokens = sums.tokens + excluded.tokens, embeddings = sums.embeddings + excluded.embeddings, bytes = sums.bytes + excluded.bytes,
      credits = sums.credits + excluded.credits, searches = sums.searches + excluded.searches, reranks = sums.reranks + excluded.reranks,
      query_tokens = sums.query_tokens + excluded.query_tokens, processor_seconds = sums.processor_seconds + excluded.processor_seconds;
    RETURN NULL;
  END $$`,
  `CREATE FUNCTION enter_stage_usage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO usage_entries (tenant, job_id, processor_seconds) VALUES (NEW.tenant, NEW.job_id, NEW.processor_seconds);
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER stage_usage AFTER INSERT ON stage_uses FOR EACH ROW WHEN (NEW.processor_seconds > 0) EXECUTE FUNCTION enter_stage_usage()`,
];
