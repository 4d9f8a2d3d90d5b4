import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/**
 * What tenants used. Entries of ingestion are made by the database out of the account of the job (its spent columns), in the transaction that
 * changes it: so they are there exactly if it is, and nothing that spends can forget them. Entries are never changed; sums by day and job are
 * kept beside them, since they are asked for often. Rows are locked in one order, the job first and its sum next.
 */
export const usage: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of tables) await sql.raw(statement).execute(database);
    for (const table of ['usage_entries', 'usage_sums']) await bindToTenant(database, table);
    for (const statement of triggers) await sql.raw(statement).execute(database);
  },
};

const amounts = 'tokens bigint NOT NULL DEFAULT 0, embeddings bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0, credits double precision NOT NULL DEFAULT 0, searches bigint NOT NULL DEFAULT 0, reranks bigint NOT NULL DEFAULT 0';

const tables = [
  `ALTER TABLE jobs ADD COLUMN spent_embeddings bigint NOT NULL DEFAULT 0`,
  `CREATE TABLE usage_entries (tenant text NOT NULL, id uuid NOT NULL DEFAULT gen_random_uuid(), job_id uuid, at timestamptz NOT NULL DEFAULT clock_timestamp(), ${amounts}, PRIMARY KEY (tenant, id))`,
  // A job that is none stands for what belongs to no job.
  `CREATE TABLE usage_sums (tenant text NOT NULL, day date NOT NULL, job_id uuid NOT NULL, ${amounts}, PRIMARY KEY (tenant, day, job_id))`,
];

const triggers = [
  `CREATE FUNCTION enter_job_usage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO usage_entries (tenant, job_id, tokens, embeddings, bytes, credits)
    VALUES (NEW.tenant, NEW.id, NEW.spent_tokens - OLD.spent_tokens, NEW.spent_embeddings - OLD.spent_embeddings, NEW.spent_bytes - OLD.spent_bytes, NEW.spent_credits - OLD.spent_credits);
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER job_usage AFTER UPDATE OF spent_tokens, spent_embeddings, spent_bytes, spent_credits ON jobs FOR EACH ROW
    WHEN ((OLD.spent_tokens, OLD.spent_embeddings, OLD.spent_bytes, OLD.spent_credits) IS DISTINCT FROM (NEW.spent_tokens, NEW.spent_embeddings, NEW.spent_bytes, NEW.spent_credits))
    EXECUTE FUNCTION enter_job_usage()`,
  `CREATE FUNCTION sum_usage() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO usage_sums AS sums (tenant, day, job_id, tokens, embeddings, bytes, credits, searches, reranks)
    VALUES (NEW.tenant, (NEW.at AT TIME ZONE 'UTC')::date, coalesce(NEW.job_id, '00000000-0000-0000-0000-000000000000'), NEW.tokens, NEW.embeddings, NEW.bytes, NEW.credits, NEW.searches, NEW.reranks)
    ON CONFLICT (tenant, day, job_id) DO UPDATE SET tokens = sums.tokens + excluded.tokens, embeddings = sums.embeddings + excluded.embeddings, bytes = sums.bytes + excluded.bytes,
      credits = sums.credits + excluded.credits, searches = sums.searches + excluded.searches, reranks = sums.reranks + excluded.reranks;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER usage_summed AFTER INSERT ON usage_entries FOR EACH ROW EXECUTE FUNCTION sum_usage()`,
  `CREATE FUNCTION refuse_usage_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'Entries of usage are never changed.'; END $$`,
  `CREATE TRIGGER usage_is_kept BEFORE UPDATE OR DELETE ON usage_entries FOR EACH ROW EXECUTE FUNCTION refuse_usage_change()`,
];
