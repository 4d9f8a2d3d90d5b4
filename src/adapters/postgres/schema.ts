import type { AuditTables } from './audit/auditTables.ts';
import type { BackupTables } from './backup/restoresTable.ts';
import type { ConsistencyTables } from './consistency/consistencyTables.ts';
import type { DeletionTables } from './deletions/deletionTables.ts';
import type { DocumentTables } from './documents/documentTables.ts';
import type { EpochTables } from './epochs/epochTables.ts';
import type { GenerationTables } from './generations/generationTables.ts';
import type { IdempotencyKeysTable } from './idempotency/idempotencyTable.ts';
import type { JobTables } from './jobs/jobTables.ts';
import type { ApiKeysTable } from './keys/apiKeysTable.ts';
import type { LimitTables } from './limits/limitTables.ts';
import type { SettingsTables } from './settings/settingsTables.ts';
import type { SourceTables } from './sources/sourceTables.ts';
import type { SweepTables } from './sweeps/sweepTables.ts';
import type { TenantTables } from './tenants/tenantAccountsTable.ts';
import type { BudgetAlertsTable } from './usage/budgetAlertsTable.ts';
import type { UsageTables } from './usage/usageTables.ts';
import type { VaultTables } from './vault/vaultTables.ts';
import type { WorkOutboxTable } from './workOutboxTable.ts';

interface OtherTables {
  api_keys: ApiKeysTable;
  budget_alerts: BudgetAlertsTable;
  idempotency_keys: IdempotencyKeysTable;
  work_outbox: WorkOutboxTable;
}

/** All tables, each described beside the code of its resource. */
export interface Schema
  extends AuditTables,
    BackupTables,
    ConsistencyTables,
    DeletionTables,
    DocumentTables,
    EpochTables,
    GenerationTables,
    JobTables,
    LimitTables,
    OtherTables,
    SettingsTables,
    SourceTables,
    SweepTables,
    TenantTables,
    UsageTables,
    VaultTables {}
