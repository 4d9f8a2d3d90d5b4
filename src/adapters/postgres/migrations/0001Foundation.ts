import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Tables of one tenant each row: row-level security binds even their owner. */
const tenantTables = ['jobs', 'job_documents', 'job_events', 'documents', 'versions', 'stage_outputs', 'uploads'] as const;

/** Landed; never changed. */
export const foundation: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of foundationStatements) await sql.raw(statement).execute(database);
    for (const table of tenantTables) await bindToTenant(database, table);
  },
};

const foundationStatements = [
  `CREATE TABLE jobs (
    tenant text NOT NULL, id uuid PRIMARY KEY, subject text NOT NULL, workflow_id text NOT NULL,
    state text NOT NULL DEFAULT 'queued', total integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), started_at timestamptz, finished_at timestamptz)`,
  `CREATE INDEX jobs_by_tenant ON jobs (tenant, created_at DESC)`,
  `CREATE SEQUENCE document_sequence`,
  `CREATE TABLE job_documents (
    tenant text NOT NULL, job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, index integer NOT NULL,
    document_id uuid NOT NULL, sequence bigint NOT NULL DEFAULT nextval('document_sequence'), specification jsonb NOT NULL,
    state text NOT NULL DEFAULT 'queued', stage text, outcome text, version_id uuid, chunks integer, pages integer,
    lost_pages integer[] NOT NULL DEFAULT '{}', failure jsonb, progress jsonb, started_at timestamptz, finished_at timestamptz,
    PRIMARY KEY (job_id, index))`,
  `CREATE INDEX job_documents_by_document ON job_documents (tenant, document_id, sequence)`,
  `CREATE INDEX job_documents_unfinished ON job_documents (job_id, index) WHERE state IN ('queued', 'running')`,
  `CREATE TABLE job_events (
    id bigserial PRIMARY KEY, tenant text NOT NULL, job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    type text NOT NULL, index integer, document_id uuid, state text NOT NULL, outcome text, failure jsonb, at timestamptz NOT NULL DEFAULT clock_timestamp())`,
  `CREATE INDEX job_events_by_job ON job_events (job_id, id)`,
  `CREATE TABLE documents (
    tenant text NOT NULL, id uuid NOT NULL, source_key text NOT NULL, title text, version_id uuid, version_digest text,
    sequence bigint, created_sequence bigint, chunks integer,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, id))`,
  `CREATE TABLE versions (
    tenant text NOT NULL, document_id uuid NOT NULL, id uuid NOT NULL, digest text NOT NULL, sequence bigint NOT NULL, job_id uuid NOT NULL,
    chunks integer NOT NULL, pages integer, manifest jsonb NOT NULL, published_at timestamptz NOT NULL DEFAULT now(), replaced_at timestamptz,
    PRIMARY KEY (tenant, document_id, id))`,
  `CREATE TABLE stage_outputs (
    tenant text NOT NULL, key text NOT NULL, reference jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, key))`,
  `CREATE TABLE uploads (
    tenant text NOT NULL, id uuid NOT NULL, file_name text NOT NULL, media_type text NOT NULL, bytes bigint NOT NULL, reference jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, id))`,
  // No row-level security: the relay starts the jobs of all tenants, and a row names a job without any content.
  `CREATE TABLE job_outbox (
    job_id uuid PRIMARY KEY, tenant text NOT NULL, subject text NOT NULL, workflow_id text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`,
];
