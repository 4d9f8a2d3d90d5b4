import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { NeededObject } from '../../../consistency/findArtifactFaults.ts';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { VersionArtifactKind } from '../../../contracts/library.ts';
import { retentionPolicySchema } from '../../../contracts/sweeps.ts';
import type { NeedingVersion } from '../../../ports/consistencyRegistry.ts';
import type { Schema } from '../schema.ts';
import { artifactKeeping } from '../sweeps/artifactKeeping.ts';
import { findUses } from '../sweeps/artifactUses.ts';
import { findOldestReading } from '../sweeps/sweepRegistryJudge.ts';
import { artifactsOf } from './shownVersions.ts';

/** In the order of bytes, as stores list. */
export function between(column: RawBuilder<unknown>, after: string | null, upTo: string | null): RawBuilder<unknown> {
  return sql`(${after === null ? sql`true` : sql`${column} collate "C" > ${after}`} and ${upTo === null ? sql`true` : sql`${column} collate "C" <= ${upTo}`})`;
}

export async function readNeeded(transaction: Transaction<Schema>, tenant: string, after: string | null, upTo: string | null): Promise<NeededObject[]> {
  const { rows } = await sql<{ uri: string; references: ArtifactReference[]; seal: string | null; bytes: string | null }>`
    select artifact.uri, max(seals.seal) as seal, max(seals.bytes) as bytes, jsonb_agg(distinct
      jsonb_build_object('uri', artifact.uri, 'offset', artifact.start, 'length', artifact.length, 'digest', artifact.digest, 'mediaType', artifact.media_type)) as references
    from version_artifacts artifact left join artifact_seals seals on seals.tenant = ${tenant} and seals.uri = artifact.uri
    where artifact.tenant = ${tenant} and ${between(sql`artifact.uri`, after, upTo)} group by artifact.uri`.execute(transaction);
  return rows.map((row) => ({ ...row, bytes: row.bytes === null ? null : Number(row.bytes) }));
}

interface NeedingRow {
  readonly document_id: string;
  readonly version_id: string;
  readonly kind: VersionArtifactKind;
  readonly reference: ArtifactReference;
  readonly job_id: string;
  readonly shown: boolean;
  readonly artifacts: NeedingVersion['artifacts'];
}

/** Without versions that a deletion, begun since, takes: what it takes is the deletion's. */
export async function readNeeding(transaction: Transaction<Schema>, tenant: string, references: readonly ArtifactReference[]): Promise<NeedingVersion[]> {
  if (references.length === 0) return [];
  const places = JSON.stringify(references.map(({ uri, offset }) => ({ uri, start: offset })));
  const { rows } = await sql<NeedingRow>`
    select artifact.document_id, artifact.version_id, artifact.kind, versions.job_id, documents.version_id is not distinct from versions.id as shown,
      jsonb_build_object('uri', artifact.uri, 'offset', artifact.start, 'length', artifact.length, 'digest', artifact.digest, 'mediaType', artifact.media_type) as reference,
      ${artifactsOf(sql`artifact.document_id`, sql`artifact.version_id`, tenant)} as artifacts
    from version_artifacts artifact
    join jsonb_to_recordset(${places}::jsonb) as place (uri text, start bigint) on place.uri = artifact.uri and place.start = artifact.start
    join versions on versions.tenant = ${tenant} and versions.document_id = artifact.document_id and versions.id = artifact.version_id
    join documents on documents.tenant = ${tenant} and documents.id = artifact.document_id
    where artifact.tenant = ${tenant} and artifact.uri = any(${[...new Set(references.map(({ uri }) => uri))]}::text[])
      and not exists (select from deletion_documents doomed where doomed.tenant = ${tenant} and doomed.document_id = versions.document_id and doomed.sequence >= versions.sequence)
    order by artifact.document_id, artifact.version_id`.execute(transaction);
  return rows.map((row) => ({ documentId: row.document_id, versionId: row.version_id, kind: row.kind, reference: row.reference, jobId: row.job_id, shown: row.shown, artifacts: row.artifacts }));
}

/** No record names them, the policy does not keep what failed runs left for as long, and no source that is being read may have stored them ahead. */
export async function findUnused(transaction: Transaction<Schema>, tenant: string, objects: readonly { readonly uri: string; readonly storedAt: Date }[], graceMs: number): Promise<string[]> {
  const row = await transaction.selectFrom('retention_policies').select('policy').where('tenant', '=', tenant).executeTakeFirst();
  const { orphans } = artifactKeeping(retentionPolicySchema.parse(row?.policy ?? {}), new Date(), graceMs);
  const readingSince = await findOldestReading(transaction, tenant);
  const old = objects.filter(({ storedAt }) => storedAt <= orphans && (readingSince === undefined || storedAt < readingSince));
  const uses = await findUses(transaction, tenant, old.map(({ uri }) => uri));
  return old.filter(({ uri }) => (uses.get(uri) ?? []).length === 0).map(({ uri }) => uri);
}
