import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import { noSearchSettings, storedSearchSettingsSchema } from '../../../contracts/searchSettings.ts';
import type { SearchSettings, StoredSearchSettings } from '../../../contracts/searchSettings.ts';
import type { SearchSettingsRegistry } from '../../../ports/searchSettingsRegistry.ts';
import type { Database } from '../database.ts';
import { raiseSettingsEpoch } from '../epochs/raiseIndexEpoch.ts';
import type { Schema } from '../schema.ts';

/** What searches answer changes with the settings: each change raises the epoch, so that no answer from before is found again. */
export function createSearchSettingsRegistry(database: Database): SearchSettingsRegistry {
  const change = (tenant: string, settings: SearchSettings, expected?: number): Promise<StoredSearchSettings> =>
    database.withTenant(tenant, async (transaction) => {
      const revision = await replace(transaction, tenant, settings);
      if (expected !== undefined && expected !== revision - 1) throw new CatalystError('CONFLICT', `The search settings are of revision ${revision - 1} by now, not ${expected}.`);
      await raiseSettingsEpoch(transaction, tenant);
      return { ...settings, revision };
    });
  return {
    async read(tenant) {
      const row = await database.withTenant(tenant, (transaction) => transaction.selectFrom('search_settings').select(['settings', 'revision']).where('tenant', '=', tenant).executeTakeFirst());
      return row === undefined ? noSearchSettings : storedSearchSettingsSchema.parse({ ...row.settings, revision: Number(row.revision) });
    },
    write: (tenant, { revision, ...settings }) => change(tenant, settings, revision),
    // The row stays, for the sake of its revision.
    remove: (tenant) => change(tenant, {}),
  };
}

/** The new revision. The row is locked from here on, so that of two changes at once the second sees what the first made. */
async function replace(transaction: Transaction<Schema>, tenant: string, settings: SearchSettings): Promise<number> {
  const { revision } = await transaction
    .insertInto('search_settings')
    .values({ tenant, settings: JSON.stringify(settings), revision: '1', updated_at: sql`now()` })
    .onConflict((conflict) => conflict.column('tenant').doUpdateSet((row) => ({ settings: row.ref('excluded.settings'), revision: sql`search_settings.revision + 1`, updated_at: sql`now()` })))
    .returning('revision')
    .executeTakeFirstOrThrow();
  return Number(revision);
}
