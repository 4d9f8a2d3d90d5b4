import { sql } from 'kysely';
import { modelVectorsKind } from '../../../contracts/artifacts.ts';
import type { GenerationRegistry } from '../../../ports/generationRegistry.ts';
import type { Database } from '../database.ts';

/** Artifacts of versions like the others: deletion, retention and audits need not know them. */
export function createModelVectors(database: Database): Pick<GenerationRegistry, 'recordVectors' | 'forgetVectors'> {
  return {
    async recordVectors(tenant, model, made) {
      if (made.length === 0) return;
      const rows = made.map(({ documentId, versionId, vectors: { uri, offset, length, digest, mediaType } }) => ({ documentId, versionId, uri, start: offset, length, digest, mediaType }));
      await database.withTenant(tenant, (transaction) =>
        sql`
          insert into version_artifacts (tenant, document_id, version_id, kind, uri, start, length, digest, media_type)
          select ${tenant}, versions.document_id, versions.id, ${modelVectorsKind(model)}, uri, start, length, made.digest, "mediaType"
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as made ("documentId" uuid, "versionId" uuid, uri text, start bigint, length bigint, digest text, "mediaType" text)
          join versions on versions.tenant = ${tenant} and versions.document_id = made."documentId" and versions.id = made."versionId"
          order by versions.document_id for key share of versions
          on conflict (tenant, document_id, version_id, kind) do update
            set uri = excluded.uri, start = excluded.start, length = excluded.length, digest = excluded.digest, media_type = excluded.media_type`.execute(transaction),
      );
    },
    async forgetVectors(tenant, model) {
      await database.withTenant(tenant, (transaction) => transaction.deleteFrom('version_artifacts').where('tenant', '=', tenant).where(sql`kind`, '=', modelVectorsKind(model)).execute());
    },
  };
}
