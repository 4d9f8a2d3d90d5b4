import { sql } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import type { Library } from '../../../ports/library.ts';
import type { Database } from '../database.ts';
import { freeOfCharge } from '../jobs/jobRegistry.ts';
import { readHistory } from './libraryHistory.ts';
import { toStoredDocument } from './libraryRows.ts';
import { readVersions } from './libraryVersions.ts';

export interface LibraryOptions {
  /** What tokens and credits cost; without them nothing does. */
  readonly prices?: Prices;
}

export function createLibrary(database: Database, { prices = freeOfCharge }: LibraryOptions = {}): Library {
  return {
    /** In order of id. */
    async list(tenant, filter, cursor, limit) {
      const rows = await database.withTenant(tenant, (transaction) => {
        let query = transaction.selectFrom('documents').selectAll().where('tenant', '=', tenant).where('deleted_at', filter.deleted === true ? 'is not' : 'is', null);
        if (filter.sourceId !== undefined) query = query.where('source_id', '=', filter.sourceId);
        if (cursor !== undefined) query = query.where('id', '>', cursor);
        return query.orderBy('id').limit(limit + 1).execute();
      });
      const page = rows.slice(0, limit);
      return { documents: page.map(toStoredDocument), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },

    async find(tenant, documentId) {
      const row = await database.withTenant(tenant, (transaction) => transaction.selectFrom('documents').selectAll().where('tenant', '=', tenant).where('id', '=', documentId).executeTakeFirst());
      return row === undefined ? undefined : toStoredDocument(row);
    },

    history: (tenant, documentId) => database.withTenant(tenant, (transaction) => readHistory(transaction, tenant, documentId, prices)),

    async findVersion(tenant, documentId, versionId) {
      return database.withTenant(tenant, async (transaction) => {
        const visible = sql`(select version_id from documents where tenant = ${tenant} and id = ${documentId})`;
        const [version] = await readVersions(transaction, tenant, documentId, prices, versionId === undefined ? visible : sql`${versionId}::uuid`);
        return version;
      });
    },
  };
}
