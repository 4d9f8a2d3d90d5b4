import type { Selectable } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { Prices } from '../../../contracts/estimate.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import type { DocumentHistory, DocumentVersion, StoredDocument, VersionArtifactKind } from '../../../contracts/library.ts';
import type { Schema } from '../schema.ts';

export interface ArtifactRow {
  readonly uri: string;
  readonly start: string;
  readonly length: string;
  readonly digest: Digest;
  readonly media_type: string;
}

export function toReference(row: ArtifactRow): ArtifactReference {
  return { uri: row.uri, offset: Number(row.start), length: Number(row.length), digest: row.digest, mediaType: row.media_type };
}

const time = (value: Date | null): string | null => value?.toISOString() ?? null;

export function toStoredDocument(row: Selectable<Schema['documents']>): StoredDocument {
  return {
    id: row.id,
    source: row.source,
    title: row.title,
    sourceId: row.source_id,
    parentId: row.parent_id,
    versionId: row.version_id,
    chunks: row.chunks,
    labels: [...row.policies],
    labelsSet: row.set_policies !== null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    deletedAt: time(row.deleted_at),
  };
}

export type VersionRow = Selectable<Schema['versions']> & { readonly subject: string; readonly policies: string[] };
export type VersionArtifactRow = ArtifactRow & { readonly version_id: string; readonly kind: VersionArtifactKind };

/** What a version cost: its tokens in the embedding model, and what the fetch service charged. */
export function toVersion(row: VersionRow, artifacts: readonly VersionArtifactRow[], prices: Prices): DocumentVersion {
  return {
    id: row.id,
    digest: row.digest,
    sequence: Number(row.sequence),
    jobId: row.job_id,
    subject: row.subject,
    policies: row.policies,
    chunks: row.chunks,
    pages: row.pages,
    tokens: row.tokens,
    cost: (row.tokens * prices.perMillionTokens) / 1_000_000 + (row.fetched?.credits ?? 0) * prices.perCredit,
    publishedAt: row.published_at.toISOString(),
    replacedAt: time(row.replaced_at),
    fetched: row.fetched,
    artifacts: artifacts.filter(({ version_id: version }) => version === row.id).map((artifact) => ({ kind: artifact.kind, ...toReference(artifact) })),
  };
}

export type RequestRow = Pick<Selectable<Schema['job_documents']>, 'sequence' | 'job_id' | 'index' | 'workflow' | 'state' | 'stage' | 'outcome' | 'version_id' | 'failure' | 'started_at' | 'finished_at'> & { readonly subject: string };

export function toRequestRecord(row: RequestRow): DocumentHistory['requests'][number] {
  return {
    sequence: Number(row.sequence),
    jobId: row.job_id,
    index: row.index,
    subject: row.subject,
    workflow: row.workflow,
    state: row.state,
    stage: row.stage,
    outcome: row.outcome,
    versionId: row.version_id,
    failure: row.failure,
    startedAt: time(row.started_at),
    finishedAt: time(row.finished_at),
  };
}

export interface DeletionRow {
  readonly id: string;
  readonly sequence: string;
  readonly subject: string;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export function toDeletionRecord(row: DeletionRow): DocumentHistory['deletions'][number] {
  return { deletionId: row.id, sequence: Number(row.sequence), subject: row.subject, requestedAt: row.created_at.toISOString(), finishedAt: time(row.finished_at) };
}
