import type { ColumnType, Generated } from 'kysely';
import type { DeletionReceipt } from '../../../contracts/deletions.ts';
import type { TenantAccount, TenantPolicy, TenantState } from '../../../contracts/tenants.ts';
import type { Json } from '../jsonColumn.ts';

export interface TenantAccountsTable {
  tenant: string;
  name: string | null;
  state: Generated<TenantState>;
  /** False where only something was done to a tenant that nobody had created. */
  created: boolean;
  policy: ColumnType<TenantPolicy, string | undefined, string>;
  created_at: Generated<Date>;
  created_by: string | null;
  changed_at: Generated<Date>;
  suspension: Json<NonNullable<TenantAccount['suspension']>> | null;
  deletion: Json<NonNullable<TenantAccount['deletion']>> | null;
  receipt: Json<DeletionReceipt> | null;
}

interface TenantsTable {
  tenant: string;
  first_seen: Generated<Date>;
}

export interface TenantTables {
  tenants: TenantsTable;
  tenant_accounts: TenantAccountsTable;
}
