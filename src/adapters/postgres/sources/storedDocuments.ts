import { sql } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { FetchRecord } from '../../../contracts/fetched.ts';
import { documentIdOf } from '../../../contracts/identifiers.ts';
import type { StoredDocument } from '../../../ports/sourceDiscovery.ts';
import type { Database } from '../database.ts';

interface StoredRow {
  readonly id: string;
  readonly uri: string;
  readonly start: string;
  readonly length: string;
  readonly digest: ArtifactReference['digest'];
  readonly media_type: string;
  readonly fetched: FetchRecord | null;
}

/** Raw bytes and fetch records of the visible versions, by source key. */
export async function findStoredDocuments(database: Database, tenant: string, sourceKeys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>> {
  if (sourceKeys.length === 0) return new Map();
  const keys = new Map(sourceKeys.map((key) => [documentIdOf(tenant, key), key]));
  const { rows } = await database.withTenant(tenant, (transaction) =>
    sql<StoredRow>`
      select documents.id, uri, start, length, version_artifacts.digest, media_type, versions.fetched
      from documents
      join versions on versions.tenant = documents.tenant and versions.document_id = documents.id and versions.id = documents.version_id
      join version_artifacts on version_artifacts.tenant = documents.tenant and version_artifacts.document_id = documents.id and version_artifacts.version_id = documents.version_id and kind = 'raw'
      where documents.tenant = ${tenant} and documents.id = any(${[...keys.keys()]}::uuid[]) and deleted_at is null`.execute(transaction),
  );
  return new Map(rows.map((row) => [keys.get(row.id) ?? '', toStored(row)]));
}

function toStored(row: StoredRow): StoredDocument {
  return { raw: { uri: row.uri, offset: Number(row.start), length: Number(row.length), digest: row.digest, mediaType: row.media_type }, fetched: row.fetched };
}
