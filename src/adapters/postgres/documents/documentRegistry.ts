import { sql } from 'kysely';
import type { FetchRecord } from '../../../contracts/fetched.ts';
import type { DocumentRegistry } from '../../../ports/documentRegistry.ts';
import type { Database } from '../database.ts';
import { publishVersions } from './documentRegistryPublish.ts';
import { isAmong } from './isAmong.ts';
import { planUndo } from './documentRegistryUndo.ts';
import { toReference } from './libraryRows.ts';
import type { ArtifactRow } from './libraryRows.ts';

export function createDocumentRegistry(database: Database): DocumentRegistry {
  return {
    async confirmUnchanged(tenant, candidates) {
      if (candidates.length === 0) return [];
      // A deleted document has no digest, so that nothing confirms it.
      const result = await database.withTenant(tenant, (transaction) =>
        sql<{ documentId: string; versionId: string; chunks: number }>`
          update documents set sequence = greatest(documents.sequence, candidate.sequence)
          from jsonb_to_recordset(${JSON.stringify(candidates)}::jsonb) as candidate ("documentId" uuid, "versionDigest" text, sequence bigint)
          where documents.tenant = ${tenant} and ${isAmong('documents.id', candidates)} and documents.id = candidate."documentId" and documents.version_digest = candidate."versionDigest" and documents.deleted_at is null
          returning documents.id as "documentId", documents.version_id as "versionId", documents.chunks`.execute(transaction),
      );
      return result.rows;
    },

    publish: (tenant, requests, show) => database.withTenant(tenant, (transaction) => publishVersions(transaction, tenant, requests, show)),

    async listSuperseded(tenant, versions) {
      if (versions.length === 0) return [];
      const pending = JSON.stringify(versions.map(({ documentId, versionId, sequence }) => ({ documentId, versionId, sequence })));
      const { rows } = await database.withTenant(tenant, (transaction) =>
        sql<{ versionId: string }>`
          select pending."versionId" from jsonb_to_recordset(${pending}::jsonb) as pending ("documentId" uuid, "versionId" uuid, sequence bigint)
          join documents on documents.tenant = ${tenant} and ${isAmong('documents.id', versions)} and documents.id = pending."documentId"
          where documents.sequence > pending.sequence and documents.version_id is distinct from pending."versionId"`.execute(transaction),
      );
      return rows.map(({ versionId }) => versionId);
    },

    async findFetched(tenant, documentId) {
      const { rows } = await database.withTenant(tenant, (transaction) =>
        sql<ArtifactRow & { fetched: FetchRecord }>`
          select versions.fetched, artifact.uri, artifact.start, artifact.length, artifact.digest, artifact.media_type
          from documents
          join versions on versions.tenant = documents.tenant and versions.document_id = documents.id and versions.id = documents.version_id
          join version_artifacts artifact on artifact.tenant = versions.tenant and artifact.document_id = versions.document_id and artifact.version_id = versions.id and artifact.kind = 'raw'
          where documents.tenant = ${tenant} and documents.id = ${documentId} and versions.fetched is not null`.execute(transaction),
      );
      const [row] = rows;
      return row === undefined ? undefined : { fetched: row.fetched, raw: toReference(row) };
    },

    planUndo: (tenant, jobId, after, limit) => database.withTenant(tenant, (transaction) => planUndo(transaction, tenant, { jobId, after, limit })),

    async listDetached(tenant, parentId, attached) {
      const rows = await database.withTenant(tenant, (transaction) =>
        transaction
          .selectFrom('documents')
          .select('id')
          .where('tenant', '=', tenant)
          .where('parent_id', '=', parentId)
          .where('deleted_at', 'is', null)
          .where(sql<boolean>`id <> all(${[...attached]}::uuid[])`)
          .orderBy('id')
          .execute(),
      );
      return rows.map(({ id }) => id);
    },
  };
}
