import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { versionArtifactKinds } from '../../../contracts/library.ts';
import type { PublishDecision, PublishRequest, PublishWinner, ShowVersions } from '../../../ports/documentRegistry.ts';
import { raiseIndexEpoch } from '../epochs/raiseIndexEpoch.ts';
import { findKeptVersions, findReplaced, momentOfPublication, recordReplaced } from '../history/keptVersions.ts';
import { isAmong } from './isAmong.ts';
import type { Schema } from '../schema.ts';

/**
 * The index is switched (`show`) before the commit that records it, and the epoch of the tenant's index is raised by the same commit. So for
 * whoever reads the new epoch the switch is done. A result that was computed before or during the switch is kept under the old epoch, which
 * nobody reads once the publication is acknowledged. A process that is killed between switch and commit has acknowledged nothing: until the
 * stage is taken again, which raises the epoch, searches may answer from before the switch as long as the cache keeps a result.
 * Superseded requests count too, since their points may have been shown by such a try.
 */
export async function publishVersions(transaction: Transaction<Schema>, tenant: string, requests: readonly PublishRequest[], show: ShowVersions): Promise<PublishDecision[]> {
  const parents = await lockParents(transaction, tenant, requests);
  const locked = await lockDocuments(transaction, tenant, requests);
  const decisions = requests.map((request) => decide(request, locked.get(request.documentId)));
  const earlier = await findDocumentsWithEarlierRequests(transaction, tenant, requests);
  const { at, keeps } = await momentOfPublication(transaction, tenant);
  const winners = requests
    .filter((_, position) => decisions[position]?.decision !== 'superseded')
    .map((request) => ({ ...request, replacesEarlier: earlier.has(request.documentId), labels: labelsSetOn(request, locked, parents), visibleFrom: visibleFrom(request, locked.get(request.documentId), at) }));
  const superseded = requests.filter((_, position) => decisions[position]?.decision === 'superseded');
  const replaced = findReplaced(winners, locked);
  await show(winners, superseded, keeps ? await findKeptVersions(transaction, tenant, { winners, replaced, locked }) : null);
  if (winners.length > 0) {
    await recordReplaced(transaction, tenant, { winners, replaced, keeps });
    await recordVersions(transaction, tenant, winners);
  }
  if (requests.length > 0) await raiseIndexEpoch(transaction, tenant);
  return decisions;
}

/** A document as it was found, with its visible version. */
interface LockedDocument {
  readonly id: string;
  readonly sequence: string | null;
  readonly created_sequence: string | null;
  readonly version_id: string | null;
  readonly set_policies: readonly string[] | null;
  readonly ingested_policies: readonly string[];
  readonly policies: readonly string[];
  readonly chunks: number | null;
  readonly published_at: Date | null;
}

/** Rows are made and locked in the order of their ids, so that two writers of several documents cannot block each other for ever. */
async function lockDocuments(transaction: Transaction<Schema>, tenant: string, requests: readonly PublishRequest[]): Promise<Map<string, LockedDocument>> {
  const ordered = [...requests].sort((left, right) => (left.documentId < right.documentId ? -1 : 1));
  await transaction
    .insertInto('documents')
    .values(ordered.map((request) => ({ tenant, id: request.documentId, source_key: request.sourceKey })))
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doNothing())
    .execute();
  const rows = await transaction
    .selectFrom('documents')
    .select(['id', 'sequence', 'created_sequence', 'version_id', 'set_policies', 'ingested_policies', 'policies', 'chunks'])
    .where('tenant', '=', tenant)
    .where('id', '=', sql<string>`any(${ordered.map((request) => request.documentId)}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
  const publishedAt = await readPublishedAt(transaction, tenant, rows);
  return new Map(rows.map((row) => [row.id, { ...row, published_at: publishedAt.get(row.id) ?? null }]));
}

/** In a statement of its own: one that has waited for a lock sees of other tables what they were before. */
async function readPublishedAt(transaction: Transaction<Schema>, tenant: string, documents: readonly { readonly id: string; readonly version_id: string | null }[]): Promise<Map<string, Date>> {
  const shown = documents.filter(({ version_id: versionId }) => versionId !== null);
  if (shown.length === 0) return new Map();
  const { rows } = await sql<{ document_id: string; published_at: Date }>`
    select document_id, published_at from versions
    where tenant = ${tenant} and document_id = any(${shown.map(({ id }) => id)}::uuid[]) and id = any(${shown.map(({ version_id: versionId }) => versionId)}::uuid[])`.execute(transaction);
  return new Map(rows.map((row) => [row.document_id, row.published_at]));
}

/** Labels by hand of what these documents are attached to; they cannot change before the commit. */
async function lockParents(transaction: Transaction<Schema>, tenant: string, requests: readonly PublishRequest[]): Promise<Map<string, readonly string[] | null>> {
  const ids = [...new Set(requests.flatMap(({ parentId }) => parentId ?? []))].sort();
  if (ids.length === 0) return new Map();
  const rows = await transaction.selectFrom('documents').select(['id', 'set_policies']).where('tenant', '=', tenant).where('id', 'in', ids).orderBy('id').forShare().execute();
  return new Map(rows.map((row) => [row.id, row.set_policies]));
}

function labelsSetOn({ documentId, parentId }: PublishRequest, documents: ReadonlyMap<string, LockedDocument>, parents: ReadonlyMap<string, readonly string[] | null>): readonly string[] | null {
  return documents.get(documentId)?.set_policies ?? (parentId === null ? null : (parents.get(parentId) ?? null));
}

/** A deleted document keeps the number of its deletion, and no number of creation: the next request above it creates it again. */
function decide(request: PublishRequest, document: LockedDocument | undefined): PublishDecision {
  const { documentId } = request;
  if (document?.sequence == null) return { documentId, decision: 'created' };
  // A newer request that found the content unchanged raised the number of the version that is shown: this one is shown all the same.
  if (Number(document.sequence) > request.sequence && document.version_id !== request.versionId) return { documentId, decision: 'superseded' };
  // The same sequence again is a retry of a publication that already succeeded.
  const created = document.created_sequence === null || Number(document.created_sequence) === request.sequence;
  return { documentId, decision: created ? 'created' : 'updated' };
}

/** Later than what it replaces; a version that is published already stays what it was found from. */
function visibleFrom({ versionId }: PublishRequest, document: LockedDocument | undefined, at: number): number {
  if (document?.published_at == null) return at;
  const before = document.published_at.getTime();
  return document.version_id === versionId ? before : Math.max(at, before + 1);
}

/** Also requests that failed or are still in work count: they may have left points. */
async function findDocumentsWithEarlierRequests(transaction: Transaction<Schema>, tenant: string, requests: readonly PublishRequest[]): Promise<Set<string>> {
  const named = requests.map(({ documentId, sequence }) => ({ documentId, sequence }));
  const result = await sql<{ documentId: string }>`
    select request."documentId" from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as request ("documentId" uuid, sequence bigint)
    where exists (
      select 1 from job_documents
      where job_documents.tenant = ${tenant} and ${isAmong('job_documents.document_id', requests)}
        and job_documents.document_id = request."documentId" and job_documents.sequence < request.sequence)`.execute(transaction);
  return new Set(result.rows.map((row) => row.documentId));
}

async function recordVersions(transaction: Transaction<Schema>, tenant: string, winners: readonly PublishWinner[]): Promise<void> {
  const rows = JSON.stringify(winners);
  await sql`
    insert into versions (tenant, document_id, id, digest, sequence, job_id, chunks, pages, title, tokens, fetched, published_at)
    select ${tenant}, "documentId", "versionId", "versionDigest", sequence, "jobId", chunks, pages, title, tokens, nullif(fetched, 'null'::jsonb), to_timestamp("visibleFrom" / 1000.0)
    from jsonb_to_recordset(${rows}::jsonb)
      as winner ("documentId" uuid, "versionId" uuid, "versionDigest" text, sequence bigint, "jobId" uuid, chunks integer, pages integer, title text, tokens integer, fetched jsonb, "visibleFrom" bigint)
    on conflict (tenant, document_id, id) do update set sequence = excluded.sequence, job_id = excluded.job_id, published_at = excluded.published_at, replaced_at = null, kept = false`.execute(transaction);
  await recordArtifacts(transaction, tenant, winners);
  await sql`
    update documents set title = winner.title, version_id = winner."versionId", version_digest = winner."versionDigest", sequence = greatest(documents.sequence, winner.sequence),
      created_sequence = coalesce(documents.created_sequence, winner.sequence), chunks = winner.chunks, updated_at = now(),
      source_key = winner."sourceKey", source = winner.source, source_id = winner."sourceId", parent_id = winner."parentId", deleted_at = null,
      ingested_policies = array(select jsonb_array_elements_text(winner.policies)), set_policies = case when jsonb_typeof(winner.labels) = 'array' then array(select jsonb_array_elements_text(winner.labels)) end
    from jsonb_to_recordset(${rows}::jsonb)
      as winner ("documentId" uuid, "versionId" uuid, "versionDigest" text, sequence bigint, chunks integer, title text, "sourceKey" text, source jsonb, "sourceId" uuid, "parentId" uuid, policies jsonb, labels jsonb)
    where documents.tenant = ${tenant} and ${isAmong('documents.id', winners)} and documents.id = winner."documentId"`.execute(transaction);
}

async function recordArtifacts(transaction: Transaction<Schema>, tenant: string, winners: readonly PublishRequest[]): Promise<void> {
  const rows = winners.flatMap(({ documentId, versionId, artifacts }) =>
    versionArtifactKinds.map((kind) => {
      const { uri, offset, length, digest, mediaType } = artifacts[kind];
      return { documentId, versionId, kind, uri, start: offset, length, digest, mediaType };
    }),
  );
  await sql`
    insert into version_artifacts (tenant, document_id, version_id, kind, uri, start, length, digest, media_type)
    select ${tenant}, "documentId", "versionId", kind, uri, start, length, digest, "mediaType"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as artifact ("documentId" uuid, "versionId" uuid, kind text, uri text, start bigint, length bigint, digest text, "mediaType" text)
    on conflict (tenant, document_id, version_id, kind) do update
      set uri = excluded.uri, start = excluded.start, length = excluded.length, digest = excluded.digest, media_type = excluded.media_type`.execute(transaction);
}
