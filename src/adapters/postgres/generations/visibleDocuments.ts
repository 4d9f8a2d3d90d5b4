import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { modelVectorsKind, recutChunksKind, recutVectorsKind } from '../../../contracts/artifacts.ts';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { GenerationRegistry, RecutPassages, VisibleDocument } from '../../../ports/generationRegistry.ts';
import type { Database } from '../database.ts';
import { keptLabelsColumn } from '../history/keptVersions.ts';
import { beginHistoryAnew } from '../history/searchHistory.ts';
import { toReference } from '../documents/libraryRows.ts';
import type { ArtifactRow } from '../documents/libraryRows.ts';
import { pointsIn } from './recutPoints.ts';

type VisibleDocuments = Pick<GenerationRegistry, 'listDocuments' | 'findDocuments' | 'findKept' | 'beginHistoryAnew' | 'sumDocuments' | 'sumTokens'>;

/** What searches are to find, as the registry has it. */
export function createVisibleDocuments(database: Database): VisibleDocuments {
  return {
    listDocuments: (tenant, after, limit) => readVisible(database, tenant, sql`(${after}::uuid is null or documents.id > ${after}::uuid)`, limit),

    findDocuments: async (tenant, documentIds) => (documentIds.length === 0 ? [] : readVisible(database, tenant, sql`documents.id = any(${[...documentIds]}::uuid[])`, documentIds.length)),

    findKept: async (tenant, documentIds) => (documentIds.length === 0 ? [] : readVersions(database, tenant, { which: sql`versions.kept`, policies: keptLabelsColumn }, sql`documents.id = any(${[...documentIds]}::uuid[])`)),

    beginHistoryAnew: (tenant) => database.withTenant(tenant, (transaction) => beginHistoryAnew(transaction, tenant)),

    sumDocuments: (tenant, recut) =>
      database.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<{ documents: string; points: string; digest: string }>`
          select count(*) as documents, ${sumPoints(tenant, recut?.id ?? null)} as points, encode(sha256(coalesce(string_agg(id::text || version_id::text, '' order by id), '')::bytea), 'hex') as digest
          from documents where tenant = ${tenant} and version_id is not null and deleted_at is null`.execute(transaction);
        const [row] = rows;
        return { documents: Number(row?.documents), points: Number(row?.points), digest: row?.digest ?? '' };
      }),

    sumTokens: (tenant) =>
      database.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<{ documents: string; tokens: string }>`
          select count(distinct documents.id) as documents, coalesce(sum(versions.tokens), 0) as tokens
          from documents join versions on versions.tenant = documents.tenant and versions.document_id = documents.id and (versions.id = documents.version_id or versions.kept)
          where documents.tenant = ${tenant} and documents.deleted_at is null`.execute(transaction);
        return { documents: Number(rows[0]?.documents), tokens: Number(rows[0]?.tokens) };
      }),
  };
}

interface VisibleRow {
  readonly id: string;
  readonly version_id: string;
  readonly sequence: string;
  readonly chunks: number;
  readonly policies: string[];
  readonly published_at: Date;
  readonly replaced_at: Date | null;
  readonly artifacts: readonly PartRow[];
}

type PartRow = ArtifactRow & { readonly kind: string; readonly points: number | null };

/** Of versions that are shown, and of those that are kept of such documents. */
function sumPoints(tenant: string, recut: string | null): RawBuilder<unknown> {
  return sql`(
    select coalesce(sum(${pointsIn(recut)}), 0) from versions join documents shown on shown.tenant = versions.tenant and shown.id = versions.document_id
    where versions.tenant = ${tenant} and (versions.id = shown.version_id or versions.kept) and shown.version_id is not null and shown.deleted_at is null)`;
}

function readVisible(database: Database, tenant: string, chosen: RawBuilder<unknown>, limit: number): Promise<VisibleDocument[]> {
  return readVersions(database, tenant, { which: sql`versions.id = documents.version_id`, policies: sql`documents.policies` }, chosen, limit);
}

interface WantedVersions {
  readonly which: RawBuilder<unknown>;
  readonly policies: RawBuilder<unknown>;
}

/** The sequence is the version's own: that of the document may have been raised by a newer request that found nothing changed. */
async function readVersions(database: Database, tenant: string, { which, policies }: WantedVersions, chosen: RawBuilder<unknown>, limit?: number): Promise<VisibleDocument[]> {
  const { rows } = await database.withTenant(tenant, (transaction) =>
    sql<VisibleRow>`
      select documents.id, versions.id as version_id, versions.sequence, versions.chunks, ${policies} as policies, versions.published_at,
        case when versions.id <> documents.version_id then versions.replaced_at end as replaced_at, found.artifacts
      from documents
      join versions on versions.tenant = documents.tenant and versions.document_id = documents.id and ${which}
      join lateral (
        select coalesce(jsonb_agg(artifact), '[]') as artifacts from version_artifacts artifact
        where artifact.tenant = documents.tenant and artifact.document_id = documents.id and artifact.version_id = versions.id and (artifact.kind in ('chunks', 'vectors', 'manifest') or artifact.kind like any(${[modelVectorsKind('%'), recutChunksKind('%'), recutVectorsKind('%', '%')]}))) found on true
      where documents.tenant = ${tenant} and documents.version_id is not null and documents.deleted_at is null and ${chosen}
      order by documents.id, versions.sequence ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(transaction),
  );
  return rows.map(toVisible);
}

function toVisible(row: VisibleRow): VisibleDocument {
  const references = row.artifacts.map((artifact): [string, ArtifactReference] => [artifact.kind, toReference(artifact)]);
  const artifacts = Object.fromEntries(references) as Record<keyof VisibleDocument['artifacts'], ArtifactReference>;
  return { vectorsOf: withPrefix(references, modelVectorsKind('')), recuts: toRecuts(row.artifacts, references), documentId: row.id, versionId: row.version_id, sequence: Number(row.sequence), chunks: row.chunks, policies: row.policies, publishedAt: row.published_at, replacedAt: row.replaced_at, artifacts };
}

function toRecuts(rows: readonly PartRow[], references: readonly [string, ArtifactReference][]): Record<string, RecutPassages> {
  const prefix = recutChunksKind('');
  const cut = rows.filter(({ kind }) => kind.startsWith(prefix));
  return Object.fromEntries(cut.map((row) => {
    const recut = row.kind.slice(prefix.length);
    return [recut, { chunks: toReference(row), points: row.points ?? 0, vectorsOf: withPrefix(references, recutVectorsKind(recut, '')) }];
  }));
}

/** References of the kinds that begin with it, by what follows. */
function withPrefix(references: readonly [string, ArtifactReference][], prefix: string): Record<string, ArtifactReference> {
  return Object.fromEntries(references.flatMap(([kind, reference]) => (kind.startsWith(prefix) ? [[kind.slice(prefix.length), reference]] : [])));
}
