import { boundedRetention } from '../../../contracts/policyRules.ts';
import { retentionPolicySchema } from '../../../contracts/sweeps.ts';
import type { SweepRegistry } from '../../../ports/sweepRegistry.ts';
import { changeRetention, releaseHistory, writeRetention } from '../history/searchHistory.ts';
import { readPolicy } from '../tenants/tenantPolicies.ts';
import { artifactKeeping } from './artifactKeeping.ts';
import type { Database } from '../database.ts';
import { recordKeeping } from './records/recordKeeping.ts';
import { sweepRecords } from './records/sweepRecords.ts';
import { condemnPage } from './sweepRegistryCondemn.ts';
import { judgeObjects } from './sweepRegistryJudge.ts';
import { createSweepRuns } from './sweepRegistryRuns.ts';

export interface SweepRegistryOptions {
  readonly now?: () => Date;
  /** Nothing younger is ever condemned, whatever the policy: work under way names what it stores only when a stage ends. Default: a day. */
  readonly minimumAgeMs?: number;
}

export function createSweepRegistry(database: Database, options: SweepRegistryOptions = {}): SweepRegistry {
  const { now = () => new Date(), minimumAgeMs = 86_400_000 } = options;
  const readRetention: SweepRegistry['readRetention'] = async (tenant) => {
    const { row, policy } = await database.withTenant(tenant, async (transaction) => ({
      row: await transaction.selectFrom('retention_policies').select('policy').where('tenant', '=', tenant).executeTakeFirst(),
      policy: await readPolicy(transaction, tenant),
    }));
    return boundedRetention(policy, retentionPolicySchema.parse(row?.policy ?? {}));
  };
  const keeping = async (tenant: string) => artifactKeeping(await readRetention(tenant), now(), minimumAgeMs);

  const runs = createSweepRuns(database);

  return {
    ...runs,
    readRetention,
    writeRetention: (tenant, policy) => database.withTenant(tenant, (transaction) => writeRetention(transaction, tenant, policy)),
    changeRetention: (tenant, change) => database.withTenant(tenant, (transaction) => changeRetention(transaction, tenant, change)),
    releaseHistory: (tenant, remove) => releaseHistory(database, tenant, now().getTime(), remove),
    async judge(tenant, objects) {
      const kept = await keeping(tenant);
      return database.withTenant(tenant, async (transaction) => (await judgeObjects(transaction, tenant, objects, kept)).map(({ verdict }) => verdict));
    },
    async condemn(tenant, page) {
      const kept = await keeping(tenant);
      return database.withTenant(tenant, (transaction) => condemnPage(transaction, tenant, page, kept));
    },
    async sweepRecords(tenant, sweepId, onProgress) {
      const sweep = await runs.find(tenant, sweepId);
      if (sweep === undefined || sweep.finishedAt !== null) return;
      await sweepRecords(database, { tenant, sweepId, dryRun: sweep.dryRun, keeping: recordKeeping(await readRetention(tenant), now(), minimumAgeMs), onProgress });
    },
    async listTenants() {
      const rows = await database.withoutTenant((kysely) => kysely.selectFrom('tenants').select('tenant').orderBy('tenant').execute());
      return rows.map(({ tenant }) => tenant);
    },
  };
}
