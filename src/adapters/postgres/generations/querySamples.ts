import { sql } from 'kysely';
import type { QuerySamples } from '../../../ports/querySamples.ts';
import type { Database } from '../database.ts';

const keptPerTenant = 500;

export function createQuerySamples(database: Database): QuerySamples {
  return {
    async add(tenant, queries) {
      if (queries.length === 0) return;
      await database.withTenant(tenant, async (transaction) => {
        await transaction.insertInto('sampled_queries').values(queries.map(({ query, policies }) => ({ tenant, query, policies: [...policies] }))).execute();
        await sql`delete from sampled_queries where tenant = ${tenant} and id <= (select id from sampled_queries where tenant = ${tenant} order by id desc offset ${keptPerTenant} limit 1)`.execute(transaction);
      });
    },
    list: (tenant, limit) => database.withTenant(tenant, (transaction) => transaction.selectFrom('sampled_queries').select(['query', 'policies']).where('tenant', '=', tenant).orderBy('id', 'desc').limit(limit).execute()),
  };
}
