import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import { toReference } from '../documents/libraryRows.ts';
import type { ArtifactRow } from '../documents/libraryRows.ts';
import { RangeSet } from './rangeSet.ts';
import type { Schema } from '../schema.ts';

/** A record that names a range of an object, and all that tells whether it still needs the bytes. */
export type ArtifactUse = { readonly reference: ArtifactReference } & (
  | { readonly by: 'version'; readonly documentId: string; readonly deleted: boolean; readonly replacedAt: Date | null }
  | { readonly by: 'output'; readonly key: Digest; readonly createdAt: Date }
  | { readonly by: 'upload'; readonly id: string; readonly createdAt: Date }
  /** A request that is not finished, or failed and may be tried again. */
  | { readonly by: 'request'; readonly jobId: string; readonly index: number; readonly documentId: string; readonly deleted: boolean; readonly failedAt: Date | null }
);

/** All uses of these objects; `deleted`: by a version or request that a deletion, begun since, takes. */
export async function findUses(transaction: Transaction<Schema>, tenant: string, uris: readonly string[]): Promise<Map<string, ArtifactUse[]>> {
  const uses = new Map<string, ArtifactUse[]>(uris.map((uri) => [uri, []]));
  if (uris.length === 0) return uses;
  const found = [
    ...(await versionUses(transaction, tenant, uris)),
    ...(await outputUses(transaction, tenant, uris)),
    ...(await uploadUses(transaction, tenant, uris)),
    ...(await requestUses(transaction, tenant, uris)),
  ];
  for (const use of found) uses.get(use.reference.uri)?.push(use);
  return uses;
}

async function versionUses(transaction: Transaction<Schema>, tenant: string, uris: readonly string[]): Promise<ArtifactUse[]> {
  const { rows } = await sql<ArtifactRow & { document_id: string; replaced_at: Date | null; deleted: boolean }>`
    select artifact.uri, artifact.start, artifact.length, artifact.digest, artifact.media_type, artifact.document_id, versions.replaced_at,
      exists (select from deletion_documents doomed where doomed.tenant = ${tenant} and doomed.document_id = versions.document_id and doomed.sequence >= versions.sequence) as deleted
    from version_artifacts artifact
    join versions on versions.tenant = artifact.tenant and versions.document_id = artifact.document_id and versions.id = artifact.version_id
    where artifact.tenant = ${tenant} and artifact.uri = any(${[...uris]}::text[])`.execute(transaction);
  return rows.map((row) => ({ by: 'version', reference: toReference(row), documentId: row.document_id, deleted: row.deleted, replacedAt: row.replaced_at }));
}

async function outputUses(transaction: Transaction<Schema>, tenant: string, uris: readonly string[]): Promise<ArtifactUse[]> {
  const { rows } = await sql<{ key: Digest; reference: ArtifactReference; created_at: Date }>`
    select key, reference, created_at from stage_outputs where tenant = ${tenant} and uri = any(${[...uris]}::text[])`.execute(transaction);
  return rows.map((row) => ({ by: 'output', reference: row.reference, key: row.key, createdAt: row.created_at }));
}

async function uploadUses(transaction: Transaction<Schema>, tenant: string, uris: readonly string[]): Promise<ArtifactUse[]> {
  const { rows } = await sql<{ id: string; reference: ArtifactReference; created_at: Date }>`
    select id, reference, created_at from uploads where tenant = ${tenant} and uri = any(${[...uris]}::text[])`.execute(transaction);
  return rows.map((row) => ({ by: 'upload', reference: row.reference, id: row.id, createdAt: row.created_at }));
}

interface RequestUseRow {
  readonly job_id: string;
  readonly index: number;
  readonly document_id: string;
  readonly finished_at: Date | null;
  readonly deleted: boolean;
  readonly reference: ArtifactReference;
}

/** The partial indexes of unfinished and of failed documents bound what is looked at. */
async function requestUses(transaction: Transaction<Schema>, tenant: string, uris: readonly string[]): Promise<ArtifactUse[]> {
  const { rows } = await sql<RequestUseRow>`
    select request.job_id, request.index, request.document_id, request.finished_at, named.reference,
      exists (select from deletion_documents doomed where doomed.tenant = ${tenant} and doomed.document_id = request.document_id and doomed.sequence >= request.sequence) as deleted
    from (
      select * from job_documents where tenant = ${tenant} and state in ('queued', 'running')
      union all select * from job_documents where tenant = ${tenant} and state = 'failed'
    ) request, lateral ${namedReferences} named
    where named.reference->>'uri' = any(${[...uris]}::text[])`.execute(transaction);
  return rows.map((row) => ({ by: 'request', reference: row.reference, jobId: row.job_id, index: row.index, documentId: row.document_id, deleted: row.deleted, failedAt: row.finished_at }));
}

/** What a row `request` of job_documents names: its origin and what its stages made. A whole object that the caller named is as long as can be. */
export const namedReferences = sql`(
  select request.specification->'origin'->'reference' as reference
  union all select jsonb_build_object('uri', request.specification->'origin'->>'uri', 'offset', 0, 'length', 9007199254740991, 'digest', '', 'mediaType', '')
    where request.specification->'origin'->>'type' = 'artifact'
  union all select request.progress->kind from unnest(array['raw', 'text', 'chunks', 'vectors', 'manifest']) as kind
)`;

/** Whether a range meets one of the uses that are chosen. */
export function meetsAny(uses: ReadonlyMap<string, readonly ArtifactUse[]>, choose: (use: ArtifactUse) => boolean): (reference: ArtifactReference) => boolean {
  const sets = new Map([...uses].map(([uri, own]) => [uri, new RangeSet(own.filter(choose).map(({ reference }) => reference))]));
  return (reference) => sets.get(reference.uri)?.meets(reference) ?? false;
}

/** Each place once. */
export function distinctRanges(references: readonly ArtifactReference[]): ArtifactReference[] {
  return [...new Map(references.map((reference) => [`${reference.uri} ${reference.offset} ${reference.length}`, reference])).values()];
}
