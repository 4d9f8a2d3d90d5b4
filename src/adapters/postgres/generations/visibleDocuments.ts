import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { modelVectorsKind } from '../../../contracts/artifacts.ts';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { GenerationRegistry, VisibleDocument } from '../../../ports/generationRegistry.ts';
import type { Database } from '../database.ts';
import { toReference } from '../documents/libraryRows.ts';
import type { ArtifactRow } from '../documents/libraryRows.ts';

type VisibleDocuments = Pick<GenerationRegistry, 'listDocuments' | 'findDocuments' | 'sumDocuments' | 'sumTokens'>;

/** What searches are to find, as the registry has it. */
export function createVisibleDocuments(database: Database): VisibleDocuments {
  return {
    listDocuments: (tenant, after, limit) => readVisible(database, tenant, sql`(${after}::uuid is null or documents.id > ${after}::uuid)`, limit),

    findDocuments: async (tenant, documentIds) => (documentIds.length === 0 ? [] : readVisible(database, tenant, sql`documents.id = any(${[...documentIds]}::uuid[])`, documentIds.length)),

    sumDocuments: (tenant) =>
      database.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<{ documents: string; points: string; digest: string }>`
          select count(*) as documents, coalesce(sum(chunks), 0) as points, encode(sha256(coalesce(string_agg(id::text || version_id::text, '' order by id), '')::bytea), 'hex') as digest
          from documents where tenant = ${tenant} and version_id is not null and deleted_at is null`.execute(transaction);
        const [row] = rows;
        return { documents: Number(row?.documents), points: Number(row?.points), digest: row?.digest ?? '' };
      }),

    sumTokens: (tenant) =>
      database.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<{ documents: string; tokens: string }>`
          select count(*) as documents, coalesce(sum(versions.tokens), 0) as tokens
          from documents join versions on versions.tenant = documents.tenant and versions.document_id = documents.id and versions.id = documents.version_id
          where documents.tenant = ${tenant} and documents.deleted_at is null`.execute(transaction);
        return { documents: Number(rows[0]?.documents), tokens: Number(rows[0]?.tokens) };
      }),
  };
}

interface VisibleRow {
  readonly id: string;
  readonly version_id: string;
  readonly sequence: string;
  readonly chunks: number;
  readonly policies: string[];
  readonly published_at: Date;
  readonly artifacts: readonly (ArtifactRow & { readonly kind: string })[];
}

/** The sequence is the version's own: that of the document may have been raised by a newer request that found nothing changed. */
async function readVisible(database: Database, tenant: string, chosen: RawBuilder<unknown>, limit: number): Promise<VisibleDocument[]> {
  const { rows } = await database.withTenant(tenant, (transaction) =>
    sql<VisibleRow>`
      select documents.id, documents.version_id, versions.sequence, documents.chunks, documents.policies, versions.published_at, found.artifacts
      from documents
      join versions on versions.tenant = documents.tenant and versions.document_id = documents.id and versions.id = documents.version_id
      join lateral (
        select jsonb_agg(artifact) as artifacts from version_artifacts artifact
        where artifact.tenant = documents.tenant and artifact.document_id = documents.id and artifact.version_id = documents.version_id and (artifact.kind in ('chunks', 'vectors', 'manifest') or artifact.kind like ${`${modelVectorsKind('')}%`})) found on true
      where documents.tenant = ${tenant} and documents.deleted_at is null and ${chosen}
      order by documents.id limit ${limit}`.execute(transaction),
  );
  return rows.map(toVisible);
}

function toVisible(row: VisibleRow): VisibleDocument {
  const references = row.artifacts.map((artifact): [string, ArtifactReference] => [artifact.kind, toReference(artifact)]);
  const artifacts = Object.fromEntries(references) as Record<keyof VisibleDocument['artifacts'], ArtifactReference>;
  const prefix = modelVectorsKind('');
  const vectorsOf = Object.fromEntries(references.flatMap(([kind, reference]) => (kind.startsWith(prefix) ? [[kind.slice(prefix.length), reference]] : [])));
  return { vectorsOf, documentId: row.id, versionId: row.version_id, sequence: Number(row.sequence), chunks: row.chunks, policies: row.policies, publishedAt: row.published_at, artifacts };
}
