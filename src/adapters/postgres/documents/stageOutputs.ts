import { sql } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import type { StageOutputs } from '../../../ports/stageOutputs.ts';
import type { Database } from '../database.ts';
import { requireKeptTenant } from '../tenants/requireActiveTenant.ts';

export function createStageOutputs(database: Database): StageOutputs {
  return {
    async find(tenant, keys) {
      if (keys.length === 0) return new Map<Digest, ArtifactReference>();
      const rows = await database.withTenant(tenant, (transaction) =>
        transaction.selectFrom('stage_outputs').select(['key', 'reference']).where('tenant', '=', tenant).where('key', '=', sql<Digest>`any(${[...keys]}::text[])`).execute(),
      );
      return new Map(rows.map((row) => [row.key, row.reference]));
    },
    async record(tenant, outputs) {
      if (outputs.length === 0) return;
      await database.withTenant(tenant, async (transaction) => {
        await requireKeptTenant(transaction, tenant);
        await transaction
          .insertInto('stage_outputs')
          .values(outputs.map(({ key, reference }) => ({ tenant, key, reference: JSON.stringify(reference) })))
          .onConflict((conflict) => conflict.columns(['tenant', 'key']).doUpdateSet((row) => ({ reference: row.ref('excluded.reference') })))
          .execute();
      });
    },
    async forget(tenant, keys) {
      if (keys.length === 0) return;
      await database.withTenant(tenant, (transaction) => transaction.deleteFrom('stage_outputs').where('tenant', '=', tenant).where('key', '=', sql<Digest>`any(${[...keys]}::text[])`).execute());
    },
    async forgetPlaces(tenant, references) {
      if (references.length === 0) return;
      const places = JSON.stringify(references.map(({ uri, offset }) => ({ uri, offset })));
      await database.withTenant(tenant, (transaction) =>
        sql`
          delete from stage_outputs using jsonb_to_recordset(${places}::jsonb) as place (uri text, "offset" bigint)
          where tenant = ${tenant} and stage_outputs.uri = place.uri and (reference->>'offset')::bigint = place."offset"`.execute(transaction),
      );
    },
  };
}
