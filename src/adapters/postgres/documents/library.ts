import { sql } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import type { DocumentVersion } from '../../../contracts/library.ts';
import type { Library, LibraryReader } from '../../../ports/library.ts';
import type { Database } from '../database.ts';
import { freeOfCharge } from '../jobs/jobRegistry.ts';
import { readHistory } from './libraryHistory.ts';
import { toStoredDocument } from './libraryRows.ts';
import { readVersions } from './libraryVersions.ts';
import { readableBy } from './readableBy.ts';

export interface LibraryOptions {
  /** What tokens and credits cost; without them nothing does. */
  readonly prices?: Prices;
}

export function createLibrary(database: Database, { prices = freeOfCharge }: LibraryOptions = {}): Library {
  return {
    /** In order of id. */
    async list(reader, filter, cursor, limit) {
      const rows = await database.withTenant(reader.tenant, (transaction) => {
        let query = transaction.selectFrom('documents').selectAll().where('tenant', '=', reader.tenant).where('deleted_at', filter.deleted === true ? 'is not' : 'is', null).where(readableBy(reader));
        if (filter.sourceId !== undefined) query = query.where('source_id', '=', filter.sourceId);
        if (cursor !== undefined) query = query.where('id', '>', cursor);
        return query.orderBy('id').limit(limit + 1).execute();
      });
      const page = rows.slice(0, limit);
      return { documents: page.map(toStoredDocument), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },

    async find(reader, documentId) {
      const { tenant } = reader;
      const row = await database.withTenant(tenant, (transaction) => transaction.selectFrom('documents').selectAll().where('tenant', '=', tenant).where('id', '=', documentId).where(readableBy(reader)).executeTakeFirst());
      return row === undefined ? undefined : toStoredDocument(row);
    },

    history: (reader, documentId) => database.withTenant(reader.tenant, (transaction) => readHistory(transaction, reader, documentId, prices)),

    findVersion: (reader, documentId, versionId) =>
      database.withTenant(reader.tenant, async (transaction) => {
        // An old version is read by those alone who may read the document as it is now, too.
        const wanted = sql`(select ${versionId === undefined ? sql`version_id` : sql`${versionId}::uuid`} from documents where tenant = ${reader.tenant} and id = ${documentId} and ${readableBy(reader)})`;
        const [version] = await readVersions(transaction, reader.tenant, documentId, prices, wanted);
        return version !== undefined && isReadable(version, reader) ? version : undefined;
      }),
  };
}

function isReadable(version: DocumentVersion, { policies }: LibraryReader): boolean {
  return policies === 'all' || version.policies.every((label) => policies.includes(label));
}
