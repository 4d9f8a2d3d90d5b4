import { sql } from 'kysely';
import { synonymsSchema } from '../../../contracts/synonyms.ts';
import type { SynonymRegistry } from '../../../ports/synonymRegistry.ts';
import type { Database } from '../database.ts';
import { raiseSettingsEpoch } from '../epochs/raiseIndexEpoch.ts';

/** What searches answer changes with the synonyms: each change raises the epoch, so that no answer from before is found again. */
export function createSynonymRegistry(database: Database): SynonymRegistry {
  return {
    async read(tenant) {
      const row = await database.withTenant(tenant, (transaction) => transaction.selectFrom('synonyms').select('synonyms').where('tenant', '=', tenant).executeTakeFirst());
      return synonymsSchema.parse(row?.synonyms ?? {});
    },
    async write(tenant, synonyms) {
      await database.withTenant(tenant, async (transaction) => {
        await transaction
          .insertInto('synonyms')
          .values({ tenant, synonyms: JSON.stringify(synonyms), updated_at: sql`now()` })
          .onConflict((conflict) => conflict.column('tenant').doUpdateSet((row) => ({ synonyms: row.ref('excluded.synonyms'), updated_at: sql`now()` })))
          .execute();
        await raiseSettingsEpoch(transaction, tenant);
      });
    },
    async remove(tenant) {
      await database.withTenant(tenant, async (transaction) => {
        await transaction.deleteFrom('synonyms').where('tenant', '=', tenant).execute();
        await raiseSettingsEpoch(transaction, tenant);
      });
    },
  };
}
