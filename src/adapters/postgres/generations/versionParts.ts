import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { modelVectorsKind, recutChunksKind, recutVectorsKind } from '../../../contracts/artifacts.ts';
import type { GenerationRegistry } from '../../../ports/generationRegistry.ts';
import type { Database } from '../database.ts';

/** Artifacts of versions like the others: deletion, retention and audits need not know them. */
export function createVersionParts(database: Database): Pick<GenerationRegistry, 'recordParts' | 'forgetVectors' | 'forgetRecut'> {
  const forget = async (tenant: string, chosen: RawBuilder<unknown>): Promise<void> => {
    await database.withTenant(tenant, (transaction) => sql`delete from version_artifacts where tenant = ${tenant} and ${chosen}`.execute(transaction));
  };
  return {
    async recordParts(tenant, parts) {
      if (parts.length === 0) return;
      // The same version may have been read twice, as shown and as kept.
      const once = new Map(parts.map((part) => [`${part.versionId} ${part.kind}`, part]));
      const rows = [...once.values()].map(({ documentId, versionId, kind, points = null, reference: { uri, offset, length, digest, mediaType } }) => ({ documentId, versionId, kind, points, uri, start: offset, length, digest, mediaType }));
      await database.withTenant(tenant, (transaction) =>
        sql`
          insert into version_artifacts (tenant, document_id, version_id, kind, uri, start, length, digest, media_type, points)
          select ${tenant}, versions.document_id, versions.id, made.kind, uri, start, length, made.digest, "mediaType", points
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as made ("documentId" uuid, "versionId" uuid, kind text, uri text, start bigint, length bigint, digest text, "mediaType" text, points integer)
          join versions on versions.tenant = ${tenant} and versions.document_id = made."documentId" and versions.id = made."versionId"
          order by versions.document_id for key share of versions
          on conflict (tenant, document_id, version_id, kind) do update
            set uri = excluded.uri, start = excluded.start, length = excluded.length, digest = excluded.digest, media_type = excluded.media_type, points = excluded.points`.execute(transaction),
      );
    },
    forgetVectors: (tenant, model) => forget(tenant, sql`(kind = ${modelVectorsKind(model)} or kind like ${recutVectorsKind('%', model)})`),
    forgetRecut: (tenant, recut) => forget(tenant, sql`(kind = ${recutChunksKind(recut)} or kind like ${recutVectorsKind(recut, '%')})`),
  };
}
