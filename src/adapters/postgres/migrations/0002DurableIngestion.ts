import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';
import { failurePattern } from './failurePattern.ts';
import { jobTallies } from './jobTallies.ts';
import { rateLimits } from './rateLimits.ts';

/** Sources, steering, discovery, history, deletion, sweeps, and limits that hold across processes. */
export const durableIngestion: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    for (const table of newTenantTables) await bindToTenant(database, table);
  },
};

const newTenantTables = ['job_tallies', 'discovered_addresses', 'stage_uses', 'version_artifacts', 'sources', 'deletions', 'deletion_documents', 'sweeps', 'sweep_pages', 'retention_policies'] as const;

const statements = [
  `ALTER TABLE jobs
    ADD COLUMN source jsonb, ADD COLUMN source_id uuid, ADD COLUMN budget jsonb, ADD COLUMN concurrency integer,
    ADD COLUMN dry_run boolean NOT NULL DEFAULT false, ADD COLUMN pause jsonb, ADD COLUMN rests jsonb NOT NULL DEFAULT '[]', ADD COLUMN cancellation jsonb,
    ADD COLUMN spent_bytes bigint NOT NULL DEFAULT 0, ADD COLUMN spent_tokens bigint NOT NULL DEFAULT 0, ADD COLUMN spent_credits double precision NOT NULL DEFAULT 0,
    ADD COLUMN discovery_state text, ADD COLUMN discovery_cursor jsonb, ADD COLUMN discovery_step integer NOT NULL DEFAULT 0, ADD COLUMN discovery_found integer NOT NULL DEFAULT 0,
    ADD COLUMN discovery_gaps jsonb NOT NULL DEFAULT '[]', ADD COLUMN discovery_failure jsonb, ADD COLUMN missing integer NOT NULL DEFAULT 0`,
  `CREATE INDEX jobs_by_source ON jobs (tenant, source_id, created_at DESC) WHERE source_id IS NOT NULL`,
  // A document is written about twelve times on its way: with room on its page and what it has made kept there, a change touches no index,
  // and what it replaces is cleared away by the next (a third of the disk, and no growth that a vacuum has to catch up with).
  `ALTER TABLE job_documents SET (fillfactor = 30), ALTER COLUMN progress SET STORAGE MAIN`,
  `ALTER TABLE job_documents
    ADD COLUMN rounds integer NOT NULL DEFAULT 1, ADD COLUMN source_id uuid, ADD COLUMN parent_id uuid, ADD COLUMN workflow jsonb, ADD COLUMN preview jsonb,
    ADD COLUMN failure_code text GENERATED ALWAYS AS (failure->>'code') STORED`,
  `CREATE UNIQUE INDEX job_documents_once ON job_documents (job_id, document_id)`,
  `CREATE INDEX job_documents_failed ON job_documents (tenant, finished_at, job_id, index) WHERE state = 'failed'`,
  // Neither stage nor progress is part of an index, so that most updates touch none.
  `CREATE INDEX job_documents_running ON job_documents (job_id, index) WHERE state = 'running'`,
  // A column, not an expression: with row-level security an index is searched by operators alone that cannot leak, and ->> is not one of them.
  `CREATE INDEX job_documents_by_code ON job_documents (job_id, failure_code, index) WHERE failure_code IS NOT NULL`,
  `CREATE INDEX job_documents_by_end ON job_documents (job_id, finished_at) WHERE finished_at IS NOT NULL`,
  ...jobTallies,
  failurePattern,
  `CREATE TABLE discovered_addresses (
    tenant text NOT NULL, job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, address text NOT NULL, depth integer NOT NULL,
    looked boolean NOT NULL DEFAULT false, number bigserial, PRIMARY KEY (job_id, address))`,
  `CREATE INDEX discovered_addresses_pending ON discovered_addresses (job_id, depth, number) WHERE NOT looked`,
  `CREATE TABLE stage_uses (
    tenant text NOT NULL, job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, stage text NOT NULL, documents integer NOT NULL,
    seconds double precision NOT NULL, bytes bigint NOT NULL, tokens bigint NOT NULL, credits double precision NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp())`,
  `CREATE INDEX stage_uses_by_job ON stage_uses (job_id, at)`,
  `CREATE INDEX stage_uses_by_tenant ON stage_uses (tenant, stage, at DESC)`,
  `ALTER TABLE documents ADD COLUMN source jsonb, ADD COLUMN source_id uuid, ADD COLUMN parent_id uuid, ADD COLUMN deleted_at timestamptz`,
  `CREATE INDEX documents_by_source ON documents (tenant, source_id, id) WHERE source_id IS NOT NULL`,
  `CREATE INDEX job_events_failures ON job_events (job_id, document_id) WHERE failure IS NOT NULL`,
  `CREATE INDEX job_documents_by_parent ON job_documents (tenant, parent_id) WHERE parent_id IS NOT NULL`,
  `CREATE INDEX documents_by_parent ON documents (tenant, parent_id, id) WHERE parent_id IS NOT NULL`,
  `ALTER TABLE versions ADD COLUMN title text, ADD COLUMN tokens integer NOT NULL DEFAULT 0, ADD COLUMN fetched jsonb`,
  // Which bytes a version stands on: for history, for erasing what nothing else uses, and for the sweep.
  `CREATE TABLE version_artifacts (
    tenant text NOT NULL, document_id uuid NOT NULL, version_id uuid NOT NULL, kind text NOT NULL,
    uri text NOT NULL, start bigint NOT NULL, length bigint NOT NULL, digest text NOT NULL, media_type text NOT NULL,
    PRIMARY KEY (tenant, document_id, version_id, kind))`,
  // The owner is bound by row-level security too; for what moves rows of all tenants it is lifted, within this transaction.
  `CREATE INDEX versions_by_time ON versions (tenant, published_at) WHERE tokens > 0`,
  `ALTER TABLE versions NO FORCE ROW LEVEL SECURITY`,
  `INSERT INTO version_artifacts (tenant, document_id, version_id, kind, uri, start, length, digest, media_type)
    SELECT tenant, document_id, id, 'manifest', manifest->>'uri', (manifest->>'offset')::bigint, (manifest->>'length')::bigint, manifest->>'digest', manifest->>'mediaType' FROM versions`,
  `ALTER TABLE versions FORCE ROW LEVEL SECURITY`,
  // The place first: an index that begins with the tenant looks as good as the primary key while the planner takes a tenant for small,
  // as it does a new one's, and then all of the tenant's rows are read for each lookup.
  `CREATE INDEX version_artifacts_by_place ON version_artifacts (uri, tenant)`,
  `ALTER TABLE versions DROP COLUMN manifest`,
  // Columns, not expressions: under row-level security an index serves only conditions that cannot leak, and those on JSON can.
  `ALTER TABLE stage_outputs ADD COLUMN uri text GENERATED ALWAYS AS (reference->>'uri') STORED`,
  `CREATE INDEX stage_outputs_by_place ON stage_outputs (uri, tenant)`,
  `ALTER TABLE uploads ADD COLUMN uri text GENERATED ALWAYS AS (reference->>'uri') STORED`,
  `CREATE INDEX uploads_by_place ON uploads (uri, tenant)`,
  `CREATE TABLE sources (
    tenant text NOT NULL, id uuid NOT NULL, request jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, id))`,
  `CREATE TABLE deletions (
    tenant text NOT NULL, id uuid NOT NULL, subject text NOT NULL, request jsonb NOT NULL, reason text NOT NULL, workflow_id text NOT NULL,
    state text NOT NULL DEFAULT 'queued', step text, documents integer NOT NULL DEFAULT 0, holdings jsonb NOT NULL DEFAULT '{}', receipt jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), begun_at timestamptz, unsearchable_at timestamptz, finished_at timestamptz, PRIMARY KEY (tenant, id))`,
  `CREATE TABLE deletion_documents (
    tenant text NOT NULL, deletion_id uuid NOT NULL, document_id uuid NOT NULL, sequence bigint NOT NULL DEFAULT nextval('document_sequence'),
    removed jsonb NOT NULL DEFAULT '[]', PRIMARY KEY (tenant, deletion_id, document_id))`,
  `CREATE INDEX deletion_documents_by_document ON deletion_documents (tenant, document_id)`,
  `CREATE TABLE sweeps (
    tenant text NOT NULL, id uuid NOT NULL, subject text NOT NULL, dry_run boolean NOT NULL, workflow_id text NOT NULL, state text NOT NULL DEFAULT 'queued', report jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz, PRIMARY KEY (tenant, id))`,
  `CREATE TABLE sweep_pages (tenant text NOT NULL, sweep_id uuid NOT NULL, page integer NOT NULL, condemned jsonb, report jsonb, PRIMARY KEY (tenant, sweep_id, page))`,
  `CREATE TABLE retention_policies (tenant text PRIMARY KEY, policy jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`,
  // No row-level security below: names, times and counters only, read by parts that act for all tenants.
  `CREATE TABLE tenants (tenant text PRIMARY KEY, first_seen timestamptz NOT NULL DEFAULT now())`,
  `ALTER TABLE jobs NO FORCE ROW LEVEL SECURITY`,
  `INSERT INTO tenants (tenant) SELECT DISTINCT tenant FROM jobs ON CONFLICT DO NOTHING`,
  `ALTER TABLE jobs FORCE ROW LEVEL SECURITY`,
  `ALTER TABLE job_outbox RENAME TO work_outbox`,
  `ALTER TABLE work_outbox RENAME COLUMN job_id TO id`,
  `CREATE SEQUENCE work_revision`,
  `ALTER TABLE work_outbox ADD COLUMN kind text NOT NULL DEFAULT 'job', ADD COLUMN revision bigint NOT NULL DEFAULT nextval('work_revision')`,
  ...rateLimits,
];
