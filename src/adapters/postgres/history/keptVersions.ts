import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { PublishWinner } from '../../../ports/documentRegistry.ts';
import type { KeptVersion } from '../../../ports/vectorIndex.ts';
import type { Schema } from '../schema.ts';

/** What is known of a document before a publication changes it. */
export interface DocumentBefore {
  readonly version_id: string | null;
  readonly ingested_policies: readonly string[];
  readonly policies: readonly string[];
  readonly chunks: number | null;
}

/** The visible version of a document that a publication replaces. */
export interface Replaced {
  readonly documentId: string;
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly ingestedPolicies: readonly string[];
  readonly chunks: number;
}

/**
 * The moment of a publication in milliseconds, and whether the tenant keeps history. To be asked after the documents are locked: whoever
 * searches as of a time near now waits from here on until the publication is done.
 */
export async function momentOfPublication(transaction: Transaction<Schema>, tenant: string): Promise<{ readonly at: number; readonly keeps: boolean }> {
  const { rows } = await sql<{ at: Date; keeps: boolean }>`select at, keeps from moment_of_publication(${tenant})`.execute(transaction);
  const [row] = rows;
  return { at: row?.at.getTime() ?? Date.now(), keeps: row?.keeps ?? false };
}

/** A deleted document has no visible version, so that nothing of it is kept. */
export function findReplaced(winners: readonly PublishWinner[], before: ReadonlyMap<string, DocumentBefore>): Replaced[] {
  return winners.flatMap(({ documentId, versionId, visibleFrom }) => {
    const document = before.get(documentId);
    if (document?.version_id == null || document.version_id === versionId) return [];
    return [{ documentId, versionId: document.version_id, until: visibleFrom, ingestedPolicies: document.ingested_policies, chunks: document.chunks ?? 0 }];
  });
}

interface Publication {
  readonly winners: readonly PublishWinner[];
  readonly replaced: readonly Replaced[];
  readonly locked: ReadonlyMap<string, DocumentBefore>;
}

/** Those that are replaced now, and those replaced before of documents whose labels become others. */
export async function findKeptVersions(transaction: Transaction<Schema>, tenant: string, { winners, replaced, locked }: Publication): Promise<KeptVersion[]> {
  const winnerOf = new Map(winners.map((winner) => [winner.documentId, winner]));
  const relabelled = winners.filter((winner) => !sameLabels(winner.labels ?? winner.policies, locked.get(winner.documentId)?.policies ?? [])).map(({ documentId }) => documentId);
  const earlier = relabelled.length === 0 ? [] : await readKept(transaction, tenant, relabelled);
  return [...replaced, ...earlier].map(({ documentId, versionId, until, ingestedPolicies }) => {
    const winner = winnerOf.get(documentId);
    return { documentId, versionId, until, policies: keptLabels(winner?.labels ?? null, ingestedPolicies, winner?.policies ?? []) };
  });
}

async function readKept(transaction: Transaction<Schema>, tenant: string, documents: readonly string[]): Promise<Omit<Replaced, 'chunks'>[]> {
  const { rows } = await sql<{ document_id: string; id: string; replaced_at: Date; kept_policies: string[] | null }>`
    select document_id, id, replaced_at, kept_policies from versions where tenant = ${tenant} and kept and document_id = any(${[...documents]}::uuid[])`.execute(transaction);
  return rows.map((row) => ({ documentId: row.document_id, versionId: row.id, until: row.replaced_at.getTime(), ingestedPolicies: row.kept_policies ?? [] }));
}

/**
 * Labels of a version that was replaced: those that were set by hand on the document, else its own together with those of the version that
 * is visible now. So it is never open to more than either of the two.
 */
function keptLabels(set: readonly string[] | null, own: readonly string[], now: readonly string[]): string[] {
  return [...new Set(set ?? [...own, ...now])].sort();
}

/** The same in a statement that reads `documents` and `versions`. */
export const keptLabelsColumn: RawBuilder<string[]> = sql<string[]>`
  array(select distinct label from unnest(coalesce(documents.set_policies, coalesce(versions.kept_policies, '{}') || documents.ingested_policies)) as label order by label)`;

/** What was visible is replaced. Where no history is kept, what was kept before went with it. */
export async function recordReplaced(transaction: Transaction<Schema>, tenant: string, { winners, replaced, keeps }: Omit<Publication, 'locked'> & { readonly keeps: boolean }): Promise<void> {
  const documents = winners.map(({ documentId }) => documentId);
  const kept = new Map(replaced.map((each) => [each.documentId, each]));
  const rows = winners.map(({ documentId, versionId, visibleFrom }) => ({ documentId, versionId, visibleFrom, keptId: keeps ? (kept.get(documentId)?.versionId ?? null) : null, policies: kept.get(documentId)?.ingestedPolicies ?? [] }));
  await sql`
    update versions set replaced_at = to_timestamp(winner."visibleFrom" / 1000.0), kept = coalesce(versions.id = winner."keptId", false),
      kept_policies = case when versions.id = winner."keptId" then array(select jsonb_array_elements_text(winner.policies)) end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as winner ("documentId" uuid, "versionId" uuid, "visibleFrom" bigint, "keptId" uuid, policies jsonb)
    where versions.tenant = ${tenant} and versions.document_id = any(${documents}::uuid[]) and versions.document_id = winner."documentId" and versions.id <> winner."versionId" and versions.replaced_at is null`.execute(transaction);
  if (!keeps) {
    await sql`update versions set kept = false where tenant = ${tenant} and kept and document_id = any(${documents}::uuid[])`.execute(transaction);
    return;
  }
  // The trigger that is to come counts what was visible as removed from the index; these points stay.
  const points = replaced.reduce((sum, { chunks }) => sum + chunks, 0);
  if (points > 0) await sql`insert into index_removals (tenant, points) values (${tenant}, ${-points})`.execute(transaction);
}

function sameLabels(left: readonly string[], right: readonly string[]): boolean {
  return JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());
}
