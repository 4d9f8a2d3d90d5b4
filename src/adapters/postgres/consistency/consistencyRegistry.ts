import { sql } from 'kysely';
import type { ConsistencyRegistry } from '../../../ports/consistencyRegistry.ts';
import { awake } from '../awake.ts';
import type { Database } from '../database.ts';
import { raiseIndexEpoch } from '../epochs/raiseIndexEpoch.ts';
import { createConsistencyFaults } from './consistencyFaults.ts';
import { createConsistencyRuns } from './consistencyRuns.ts';
import { between, findUnused, readNeeded, readNeeding } from './neededArtifacts.ts';
import { readKept, readShown, readStandings } from './shownVersions.ts';

export function createConsistencyRegistry(database: Database): ConsistencyRegistry {
  return { ...createConsistencyRuns(database), ...createConsistencyFaults(database), ...documentReads(database), ...artifactReads(database), ...manifestCopies(database) };
}

type DocumentReads = Pick<ConsistencyRegistry, 'countShown' | 'readShown' | 'readKept' | 'storeSummaries' | 'readStandings' | 'whileSettled'>;

function documentReads(database: Database): DocumentReads {
  return {
    async countShown(tenant) {
      const { rows } = await database.withTenant(tenant, (transaction) => sql<{ count: number }>`select count(*)::integer as count from documents where tenant = ${tenant} and version_id is not null`.execute(transaction));
      return rows[0]?.count ?? 0;
    },

    readShown: (tenant, { from, to }, recut, withArtifacts) =>
      database.withTenant(tenant, (transaction) => readShown(transaction, tenant, sql`documents.id >= ${from}::uuid ${to === null ? sql`` : sql`and documents.id < ${to}::uuid`}`, { recut, withArtifacts })),

    readKept: (tenant, documents, recut, withArtifacts) => database.withTenant(tenant, (transaction) => readKept(transaction, tenant, sql`documents.id = any(${[...documents]}::uuid[])`, { recut, withArtifacts })),

    async storeSummaries(tenant, summaries) {
      if (summaries.length === 0) return;
      const rows = JSON.stringify(summaries.map(({ documentId, versionId, summary }) => ({ documentId, versionId, ...summary })));
      // A version that was removed meanwhile has no summary.
      await database.withTenant(tenant, (transaction) =>
        sql`
          insert into version_summaries (tenant, document_id, version_id, made, ordinals, contents)
          select ${tenant}, versions.document_id, versions.id, made, array(select jsonb_array_elements_text(ordinals)::integer), contents
          from jsonb_to_recordset(${rows}::jsonb) as summary ("documentId" uuid, "versionId" uuid, made text, ordinals jsonb, contents text)
          join versions on versions.tenant = ${tenant} and versions.document_id = summary."documentId" and versions.id = summary."versionId"
          on conflict (tenant, document_id, version_id) do update set made = excluded.made, ordinals = excluded.ordinals, contents = excluded.contents`.execute(transaction),
      );
    },

    readStandings: (tenant, documents) => database.withTenant(tenant, (transaction) => readStandings(transaction, tenant, documents)),

    whileSettled: (tenant, documents, work, servingRecut = () => Promise.resolve(null)) =>
      database.withTenant(tenant, async (transaction) => {
        // Who leads the index elsewhere waits for whoever holds this.
        await sql`lock table documents in row exclusive mode`.execute(transaction);
        // In the order of their ids, as publications lock them.
        await sql`select from documents where tenant = ${tenant} and id = any(${[...documents]}::uuid[]) order by id for update`.execute(transaction);
        const recut = await servingRecut();
        const shown = await readShown(transaction, tenant, sql`documents.id = any(${[...documents]}::uuid[])`, { recut, withArtifacts: true });
        const standings = await readStandings(transaction, tenant, documents);
        const { result, changed } = await awake(transaction, () => work({ recut, shown, standings }));
        if (changed) await raiseIndexEpoch(transaction, tenant);
        return result;
      }),
  };
}

type ArtifactReads = Pick<ConsistencyRegistry, 'readNeeded' | 'readNeeding' | 'storeSeals' | 'dropSeals' | 'findUnused' | 'replaceArtifact'>;

function artifactReads(database: Database): ArtifactReads {
  return {
    readNeeded: (tenant, after, upTo) => database.withTenant(tenant, (transaction) => readNeeded(transaction, tenant, after, upTo)),

    readNeeding: (tenant, references) => database.withTenant(tenant, (transaction) => readNeeding(transaction, tenant, references)),

    async storeSeals(tenant, seals) {
      if (seals.length === 0) return;
      await database.withTenant(tenant, (transaction) =>
        sql`
          insert into artifact_seals (tenant, uri, seal, bytes) select ${tenant}, uri, seal, bytes from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as sealed (uri text, seal text, bytes bigint)
          on conflict (tenant, uri) do update set seal = excluded.seal, bytes = excluded.bytes`.execute(transaction),
      );
    },

    async dropSeals(tenant, after, upTo, kept) {
      await database.withTenant(tenant, (transaction) =>
        sql`delete from artifact_seals where tenant = ${tenant} and ${between(sql`uri`, after, upTo)} and uri <> all(${[...kept]}::text[])`.execute(transaction),
      );
    },

    findUnused: (tenant, objects, graceMs) => database.withTenant(tenant, (transaction) => findUnused(transaction, tenant, objects, graceMs)),

    async replaceArtifact(tenant, { documentId, versionId }, kind, { uri, offset, length, digest, mediaType }) {
      await database.withTenant(tenant, async (transaction) => {
        await transaction
          .updateTable('version_artifacts')
          .set({ uri, start: String(offset), length: String(length), digest, media_type: mediaType })
          .where('tenant', '=', tenant).where('document_id', '=', documentId).where('version_id', '=', versionId).where('kind', '=', kind)
          .execute();
        // What was computed of the other is of no account.
        await transaction.updateTable('version_summaries').set({ made: null, ordinals: null, contents: null }).where('tenant', '=', tenant).where('document_id', '=', documentId).where('version_id', '=', versionId).execute();
      });
    },
  };
}

function manifestCopies(database: Database): Pick<ConsistencyRegistry, 'findManifests' | 'keepManifests'> {
  return {
    async findManifests(tenant, versions) {
      if (versions.length === 0) return new Map<string, Uint8Array>();
      const { rows } = await database.withTenant(tenant, (transaction) =>
        sql<{ version_id: string; manifest: Buffer }>`
          select version_id, manifest from version_summaries
          where tenant = ${tenant} and document_id = any(${versions.map(({ documentId }) => documentId)}::uuid[]) and version_id = any(${versions.map(({ versionId }) => versionId)}::uuid[]) and manifest is not null`.execute(transaction),
      );
      return new Map(rows.map((row) => [row.version_id, new Uint8Array(row.manifest)]));
    },

    async keepManifests(tenant, manifests) {
      if (manifests.length === 0) return;
      const rows = JSON.stringify(manifests.map(({ documentId, versionId, bytes }) => ({ documentId, versionId, manifest: Buffer.from(bytes).toString('base64') })));
      await database.withTenant(tenant, (transaction) =>
        sql`
          insert into version_summaries (tenant, document_id, version_id, manifest)
          select ${tenant}, versions.document_id, versions.id, decode(kept.manifest, 'base64')
          from jsonb_to_recordset(${rows}::jsonb) as kept ("documentId" uuid, "versionId" uuid, manifest text)
          join versions on versions.tenant = ${tenant} and versions.document_id = kept."documentId" and versions.id = kept."versionId"
          on conflict (tenant, document_id, version_id) do update set manifest = excluded.manifest`.execute(transaction),
      );
    },
  };
}
