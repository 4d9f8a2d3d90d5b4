import { sql } from 'kysely';
import type { DiscoveryRegistry } from '../../../ports/discoveryRegistry.ts';
import type { Database } from '../database.ts';
import { createDiscoveryRecord } from './discoveryRecord.ts';
import { createMissingDocuments } from './missingDocuments.ts';
import { findStoredDocuments } from './storedDocuments.ts';

export function createDiscoveryRegistry(database: Database): DiscoveryRegistry {
  return {
    ...createDiscoveryRecord(database),
    ...createMissingDocuments(database),

    async load(tenant, jobId, limit) {
      return database.withTenant(tenant, async (transaction) => {
        const job = await transaction
          .selectFrom('jobs')
          .select(['source', 'discovery_state', 'discovery_cursor', 'discovery_step', 'discovery_found'])
          .where('tenant', '=', tenant)
          .where('id', '=', jobId)
          .executeTakeFirst();
        if (job?.source == null || job.discovery_state === null) return undefined;
        const entries = await transaction
          .selectFrom('discovered_addresses')
          .select(['address', 'depth'])
          .where('tenant', '=', tenant)
          .where('job_id', '=', jobId)
          .where('looked', '=', false)
          .orderBy('depth')
          .orderBy('number')
          .limit(limit)
          .execute();
        return { source: job.source, cursor: job.discovery_cursor, state: job.discovery_state, documents: job.discovery_found, entries, step: job.discovery_step };
      });
    },

    async fail(tenant, jobId, failure) {
      await database.withTenant(tenant, (transaction) =>
        sql`update jobs set discovery_state = 'failed', discovery_failure = ${JSON.stringify(failure)}::jsonb where tenant = ${tenant} and id = ${jobId} and discovery_state = 'running'`.execute(transaction),
      );
    },

    findStored: (tenant, sourceKeys) => findStoredDocuments(database, tenant, sourceKeys),
  };
}
