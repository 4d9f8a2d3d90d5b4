import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import { recutChunksKind } from '../../../contracts/artifacts.ts';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import type { VersionArtifactKind } from '../../../contracts/library.ts';
import type { DocumentStanding, ShownVersion } from '../../../ports/consistencyRegistry.ts';
import { pointsIn } from '../generations/recutPoints.ts';
import { keptLabelsColumn } from '../history/keptVersions.ts';
import type { Schema } from '../schema.ts';

interface ShownRow {
  readonly document_id: string;
  readonly version_id: string;
  readonly sequence: string;
  readonly policies: string[];
  readonly chunks: number;
  readonly recut: string | null;
  readonly published_at: Date;
  readonly replaced_at: Date | null;
  readonly in_motion: boolean;
  readonly made: Digest | null;
  readonly ordinals: number[] | null;
  readonly contents: Digest | null;
  readonly artifacts: Readonly<Record<VersionArtifactKind, ArtifactReference>> | null;
}

/** Versions that search is to show, of documents that a condition on `documents` chooses. */
export function readShown(transaction: Transaction<Schema>, tenant: string, chosen: RawBuilder<unknown>, how: HowRead): Promise<ShownVersion[]> {
  return readVersions(transaction, tenant, { which: sql`versions.id = documents.version_id`, policies: sql`documents.policies` }, chosen, how);
}

/** Those that were replaced, and are found as of earlier times. */
export function readKept(transaction: Transaction<Schema>, tenant: string, chosen: RawBuilder<unknown>, how: HowRead): Promise<ShownVersion[]> {
  return readVersions(transaction, tenant, { which: sql`versions.kept`, policies: keptLabelsColumn }, chosen, how);
}

export interface HowRead {
  /** Of the index; null: versions are shown as they came. */
  readonly recut: string | null;
  readonly withArtifacts: boolean;
}

interface WantedVersions {
  readonly which: RawBuilder<unknown>;
  readonly policies: RawBuilder<unknown>;
}

async function readVersions(transaction: Transaction<Schema>, tenant: string, { which, policies }: WantedVersions, chosen: RawBuilder<unknown>, { recut, withArtifacts }: HowRead): Promise<ShownVersion[]> {
  const { rows } = await sql<ShownRow>`
    select documents.id as document_id, versions.id as version_id, versions.sequence, ${policies} as policies, ${pointsIn(recut)} as chunks, ${cutBy(recut)} as recut, versions.published_at,
      case when versions.id <> documents.version_id then versions.replaced_at end as replaced_at,
      (documents.label_change is not null or ${isDoomed(tenant, sql`documents.id`)}) as in_motion, summary.made, summary.ordinals, summary.contents,
      ${withArtifacts ? artifactsOf(sql`versions.document_id`, sql`versions.id`, tenant) : sql`null`} as artifacts
    from documents join versions on versions.tenant = ${tenant} and versions.document_id = documents.id and ${which}
    left join version_summaries summary on summary.tenant = ${tenant} and summary.document_id = versions.document_id and summary.version_id = versions.id
    where documents.tenant = ${tenant} and documents.version_id is not null and ${chosen}
    order by documents.id, versions.sequence`.execute(transaction);
  return rows.map((row) => ({
    documentId: row.document_id,
    versionId: row.version_id,
    sequence: Number(row.sequence),
    policies: row.policies,
    recut: row.recut,
    chunks: row.chunks,
    publishedAt: row.published_at.toISOString(),
    replacedAt: row.replaced_at?.toISOString() ?? null,
    inMotion: row.in_motion,
    summary: row.made === null || row.ordinals === null ? null : { made: row.made, ordinals: row.ordinals, contents: row.contents },
    artifacts: row.artifacts,
  }));
}

/** The recut, of a version that it has cut otherwise than it came. */
function cutBy(recut: string | null): RawBuilder<unknown> {
  if (recut === null) return sql`null`;
  return sql`(
    select ${recut}::text from version_artifacts part
    where part.tenant = versions.tenant and part.document_id = versions.document_id and part.version_id = versions.id and part.kind = ${recutChunksKind(recut)})`;
}

/** References of a version by kind. */
export function artifactsOf(documentId: RawBuilder<unknown>, versionId: RawBuilder<unknown>, tenant: string): RawBuilder<unknown> {
  return sql`(
    select jsonb_object_agg(part.kind, jsonb_build_object('uri', part.uri, 'offset', part.start, 'length', part.length, 'digest', part.digest, 'mediaType', part.media_type))
    from version_artifacts part where part.tenant = ${tenant} and part.document_id = ${documentId} and part.version_id = ${versionId})`;
}

function isDoomed(tenant: string, documentId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (
    select from deletion_documents doomed join deletions on deletions.tenant = ${tenant} and deletions.id = doomed.deletion_id
    where doomed.tenant = ${tenant} and doomed.document_id = ${documentId} and deletions.finished_at is null)`;
}

interface StandingRow {
  readonly id: string;
  readonly version_id: string | null;
  readonly known: boolean;
  readonly doomed: boolean;
  readonly working: string[];
}

export async function readStandings(transaction: Transaction<Schema>, tenant: string, documents: readonly string[]): Promise<DocumentStanding[]> {
  if (documents.length === 0) return [];
  const { rows } = await sql<StandingRow>`
    select named.id, documents.version_id, ${isDoomed(tenant, sql`named.id`)} as doomed,
      (documents.id is not null or exists (select from job_documents where tenant = ${tenant} and document_id = named.id)) as known,
      array(select sequence::text from job_documents where tenant = ${tenant} and document_id = named.id and state in ('queued', 'running')) as working
    from unnest(${[...documents]}::uuid[]) as named (id) left join documents on documents.tenant = ${tenant} and documents.id = named.id`.execute(transaction);
  return rows.map((row) => ({ documentId: row.id, versionId: row.version_id, known: row.known, doomed: row.doomed, working: row.working.map(Number) }));
}
