import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Labels beside each document, so that its registry shows it to the same readers as search does; and labels that were set by hand. */
export const documentLabels: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

const tables = ['documents', 'versions', 'job_documents'] as const;

const statements = [
  // `label_change`: the change that the index may not know of yet.
  `ALTER TABLE documents ADD COLUMN ingested_policies text[] NOT NULL DEFAULT '{}', ADD COLUMN set_policies text[], ADD COLUMN label_change uuid,
    ADD COLUMN policies text[] NOT NULL GENERATED ALWAYS AS (coalesce(set_policies, ingested_policies)) STORED`,
  `CREATE INDEX documents_by_label_change ON documents (tenant, label_change) WHERE label_change IS NOT NULL`,
  `CREATE INDEX documents_by_parent_labels ON documents (tenant, parent_id) WHERE parent_id IS NOT NULL`,
  // The owner is bound by row-level security too; for what moves rows of all tenants it is lifted, within this transaction.
  ...tables.map((table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`),
  `UPDATE documents SET ingested_policies = ARRAY(SELECT jsonb_array_elements_text(request.specification->'policies'))
    FROM versions JOIN job_documents request ON request.tenant = versions.tenant AND request.job_id = versions.job_id AND request.document_id = versions.document_id
    WHERE versions.tenant = documents.tenant AND versions.document_id = documents.id AND versions.id = documents.version_id
      AND jsonb_array_length(coalesce(request.specification->'policies', '[]')) > 0`,
  ...tables.map((table) => `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`),
];
