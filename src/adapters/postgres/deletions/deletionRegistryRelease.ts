import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { StoredObject } from '../../../ports/artifactStore.ts';
import type { ReleasedArtifacts } from '../../../ports/deletionRegistry.ts';
import { distinctRanges, findUses, meetsAny, namedReferences } from '../sweeps/artifactUses.ts';
import type { ArtifactUse } from '../sweeps/artifactUses.ts';
import { forgetUses } from '../sweeps/artifactUsesForget.ts';
import { lockDeletion } from './deletionRegistryReads.ts';
import type { Schema } from '../schema.ts';

export interface DoomedPage {
  readonly tenant: string;
  readonly deletionId: string;
  readonly documentIds: readonly string[];
}

/** The outputs that name an erasable range are forgotten here, before its bytes go, so that no stage finds them any more. */
export async function releaseArtifacts(transaction: Transaction<Schema>, page: DoomedPage): Promise<ReleasedArtifacts> {
  const ranges = await findOwnRanges(transaction, page);
  const uses = await findUses(transaction, page.tenant, [...new Set(ranges.map(({ uri }) => uri))]);
  const isShared = meetsAny(uses, isAnothers);
  const erasable = ranges.filter((range) => !isShared(range));
  const places = new Set(erasable.map(({ uri, offset }) => `${uri} ${offset}`));
  const named = [...uses.values()].flat().filter(({ reference }) => places.has(`${reference.uri} ${reference.offset}`));
  await forgetUses(transaction, page.tenant, named.filter(({ by }) => by === 'output' || by === 'upload'));
  return { erasable, shared: ranges.length - erasable.length };
}

/** An upload goes with the documents that were made of it, and outputs with what they were made for. */
export function isAnothers(use: ArtifactUse): boolean {
  return (use.by === 'version' || use.by === 'request') && !use.deleted;
}

/** All that the documents' versions and requests name, each range once. */
export async function findOwnRanges(transaction: Transaction<Schema>, { tenant, deletionId, documentIds }: DoomedPage): Promise<ArtifactReference[]> {
  if (documentIds.length === 0) return [];
  const doomed = sql`
    select document_id, sequence from deletion_documents where tenant = ${tenant} and deletion_id = ${deletionId} and document_id = any(${[...documentIds]}::uuid[])`;
  const { rows } = await sql<{ reference: ArtifactReference }>`
    with doomed as (${doomed})
    select jsonb_build_object('uri', artifact.uri, 'offset', artifact.start, 'length', artifact.length, 'digest', artifact.digest, 'mediaType', artifact.media_type) as reference
    from doomed join versions on versions.tenant = ${tenant} and versions.document_id = doomed.document_id and versions.sequence <= doomed.sequence
    join version_artifacts artifact on artifact.tenant = ${tenant} and artifact.document_id = versions.document_id and artifact.version_id = versions.id
    union all
    select named.reference from doomed
    join job_documents request on request.tenant = ${tenant} and request.document_id = doomed.document_id and request.sequence <= doomed.sequence,
    lateral ${namedReferences} named where named.reference->>'digest' <> ''`.execute(transaction);
  return distinctRanges(rows.map(({ reference }) => reference));
}

/** An object stays if any request accepted after the deletion uses a part of it. */
export async function releaseObjects(transaction: Transaction<Schema>, page: { readonly tenant: string; readonly deletionId: string; readonly objects: readonly StoredObject[] }): Promise<string[]> {
  const { begun_at: begunAt } = await lockDeletion(transaction, page.tenant, page.deletionId);
  if (begunAt === null) return [];
  const old = page.objects.filter(({ storedAt }) => storedAt <= begunAt);
  const uses = await findUses(transaction, page.tenant, old.map(({ uri }) => uri));
  const isKept = (use: ArtifactUse) => isAnothers(use) || (use.by === 'upload' && use.createdAt > begunAt);
  const unused = old.filter(({ uri }) => !(uses.get(uri) ?? []).some(isKept)).map(({ uri }) => uri);
  await forgetUses(transaction, page.tenant, unused.flatMap((uri) => uses.get(uri) ?? []).filter(({ by }) => by === 'output' || by === 'upload'));
  return unused;
}
