import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Audits of registry, artifacts and index, what they found, and what they need not read again. */
export const consistency: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    for (const table of tenantTables) await bindToTenant(database, table);
  },
};

const tenantTables = ['consistency_audits', 'consistency_pages', 'consistency_faults', 'version_summaries', 'artifact_seals'] as const;

const statements = [
  `CREATE TABLE consistency_audits (
    tenant text NOT NULL, id uuid NOT NULL, subject text NOT NULL, dry_run boolean NOT NULL, deep boolean NOT NULL, workflow_id text NOT NULL, state text NOT NULL DEFAULT 'queued',
    report jsonb, created_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz, PRIMARY KEY (tenant, id))`,
  `CREATE TABLE consistency_pages (
    tenant text NOT NULL, audit_id uuid NOT NULL, step text NOT NULL, page integer NOT NULL, counts jsonb NOT NULL, PRIMARY KEY (tenant, audit_id, step, page),
    FOREIGN KEY (tenant, audit_id) REFERENCES consistency_audits (tenant, id) ON DELETE CASCADE)`,
  // Documents and versions as text: a point that is not ours may name anything.
  `CREATE TABLE consistency_faults (
    tenant text NOT NULL, audit_id uuid NOT NULL, number bigserial, kind text NOT NULL, place text NOT NULL, document_id text, version_id text, detail text NOT NULL, outcome text NOT NULL,
    PRIMARY KEY (tenant, audit_id, kind, place), FOREIGN KEY (tenant, audit_id) REFERENCES consistency_audits (tenant, id) ON DELETE CASCADE)`,
  `CREATE INDEX consistency_faults_in_order ON consistency_faults (tenant, audit_id, number)`,
  // Both go with the version.
  `CREATE TABLE version_summaries (
    tenant text NOT NULL, document_id uuid NOT NULL, version_id uuid NOT NULL, made text, ordinals integer[], contents text, manifest bytea, PRIMARY KEY (tenant, document_id, version_id),
    FOREIGN KEY (tenant, document_id, version_id) REFERENCES versions (tenant, document_id, id) ON DELETE CASCADE)`,
  `CREATE TABLE artifact_seals (tenant text NOT NULL, uri text COLLATE "C" NOT NULL, seal text NOT NULL, bytes bigint NOT NULL, PRIMARY KEY (tenant, uri))`,
  // Stores list objects in the order of their bytes.
  `CREATE INDEX version_artifacts_in_order ON version_artifacts (tenant, uri COLLATE "C")`,
];
