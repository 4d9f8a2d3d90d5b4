import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { HoldingName } from '../../../contracts/quotas.ts';
import type { TenantAccount } from '../../../ports/tenantAccount.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { readMonth } from './monthUsage.ts';

export function createTenantAccount(database: Database): TenantAccount {
  return {
    readHoldings: (tenant, names) =>
      database.withTenant(tenant, async (transaction) => {
        const holdings: Partial<Record<HoldingName, number>> = {};
        for (const name of names) holdings[name] = await readOne(transaction, countOf[name](tenant));
        return holdings;
      }),
    readMonth: (tenant) => database.withTenant(tenant, (transaction) => readMonth(transaction, tenant)),
  };
}

const countOf: Readonly<Record<HoldingName, (tenant: string) => RawBuilder<unknown>>> = {
  documents: (tenant) => sql`count(*) as held from documents where tenant = ${tenant} and version_id is not null`,
  chunks: (tenant) => sql`coalesce(sum(chunks), 0) as held from documents where tenant = ${tenant} and version_id is not null`,
  bytes: (tenant) => sql`coalesce(sum(artifact.length), 0) as held from documents
    join version_artifacts artifact on artifact.tenant = documents.tenant and artifact.document_id = documents.id and artifact.version_id = documents.version_id and artifact.kind = 'raw'
    where documents.tenant = ${tenant} and documents.version_id is not null`,
  jobs: (tenant) => sql`count(*) as held from jobs where tenant = ${tenant} and finished_at is null`,
};

async function readOne(transaction: Transaction<Schema>, selection: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ held: string }>`select ${selection}`.execute(transaction);
  return Number(rows[0]?.held ?? 0);
}
