import type { ColumnType, Generated } from 'kysely';
import type { DeletionReceipt } from '../../../contracts/deletions.ts';
import type { TenantAccount, TenantPolicy, TenantState } from '../../../contracts/tenants.ts';

type Json<Value> = ColumnType<Value, string, string>;

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

export interface TenantTables {
  tenant_accounts: TenantAccountsTable;
}
