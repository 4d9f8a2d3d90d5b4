import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { FetchRecord } from '../../../contracts/fetched.ts';
import type { DocumentSpecification, Origin } from '../../../contracts/specification.ts';
import type { RestorableDocument, UndoPlan } from '../../../ports/documentRegistry.ts';
import { toReference } from './libraryRows.ts';
import type { ArtifactRow } from './libraryRows.ts';
import type { Schema } from '../schema.ts';

/** A document of the job whose visible version the job made, with its version before; the columns of that are null where there is none. */
interface UndoRow extends ArtifactRow {
  readonly document_id: string;
  readonly outcome: string | null;
  readonly before: string | null;
  readonly title: string | null;
  readonly fetched: FetchRecord | null;
  readonly specification: DocumentSpecification | null;
  readonly has_raw: boolean;
}

export async function planUndo(transaction: Transaction<Schema>, tenant: string, page: { readonly jobId: string; readonly after: number; readonly limit: number }): Promise<UndoPlan & { readonly last: number | null }> {
  const { rows: looked } = await sql<{ index: number }>`
    select index from job_documents where tenant = ${tenant} and job_id = ${page.jobId} and index > ${page.after} order by index limit ${page.limit}`.execute(transaction);
  const last = looked.at(-1)?.index ?? null;
  if (last === null) return { remove: [], restore: [], lost: [], last };
  const { rows } = await sql<UndoRow>`
    select task.document_id, task.outcome, earlier.id as before, earlier.title, earlier.fetched, request.specification,
      raw.uri is not null as has_raw, raw.uri, raw.start, raw.length, raw.digest, raw.media_type
    from job_documents task
    join documents on documents.tenant = task.tenant and documents.id = task.document_id
    join versions visible on visible.tenant = documents.tenant and visible.document_id = documents.id and visible.id = documents.version_id and visible.job_id = task.job_id
    left join lateral (
      select id, title, fetched, job_id from versions
      where versions.tenant = task.tenant and versions.document_id = task.document_id and versions.sequence < visible.sequence
      order by versions.sequence desc limit 1) earlier on true
    left join job_documents request on request.tenant = task.tenant and request.job_id = earlier.job_id and request.document_id = task.document_id
    left join version_artifacts raw on raw.tenant = task.tenant and raw.document_id = task.document_id and raw.version_id = earlier.id and raw.kind = 'raw'
    where task.tenant = ${tenant} and task.job_id = ${page.jobId} and task.index > ${page.after} and task.index <= ${last}
    order by task.index`.execute(transaction);
  const changed = rows.filter((row) => row.outcome === 'updated');
  const restore = changed.flatMap(toRestorable);
  const restored = new Set(restore.map(({ specification }) => specification.documentId));
  return {
    remove: rows.filter((row) => row.outcome !== 'updated').map((row) => row.document_id),
    restore,
    lost: changed.map((row) => row.document_id).filter((documentId) => !restored.has(documentId)),
    last,
  };
}

function toRestorable(row: UndoRow): RestorableDocument[] {
  if (row.specification === null || !row.has_raw) return [];
  const { index: _index, bytes: _bytes, ...specification } = row.specification;
  const raw = toReference(row);
  return [{ specification: { ...specification, origin: storedOrigin(row.specification.origin, raw, row), bytes: raw.length } }];
}

/** The stored bytes with all that the request before knew of them, so that the same version comes of them. */
function storedOrigin(origin: Origin, reference: ArtifactReference, { fetched: recorded, title }: UndoRow): Origin {
  const stored = origin.type === 'stored' ? origin : undefined;
  const fetched = recorded ?? stored?.fetched;
  const url = stored?.url ?? (origin.type === 'url' ? (fetched?.finalUrl ?? origin.url) : undefined);
  const fileName = stored === undefined ? lastSegment(origin.type === 'artifact' ? origin.uri : (url ?? '')) : stored.fileName;
  const mediaType = (origin.type === 'url' ? undefined : origin.mediaType) ?? reference.mediaType;
  const told = stored?.title ?? (origin.type === 'url' ? (title ?? undefined) : undefined);
  return {
    type: 'stored',
    reference,
    mediaType,
    ...(fileName === undefined ? {} : { fileName }),
    ...(url === undefined ? {} : { url }),
    ...(told === undefined ? {} : { title: told }),
    ...(fetched === undefined ? {} : { fetched }),
  };
}

function lastSegment(address: string): string | undefined {
  const path = URL.canParse(address) ? new URL(address).pathname : address;
  const name = path.split('/').at(-1);
  return name === undefined || name === '' ? undefined : name;
}
