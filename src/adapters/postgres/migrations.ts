import type { Migration } from 'kysely/migration';
import { foundation } from './migrations/0001Foundation.ts';
import { durableIngestion } from './migrations/0002DurableIngestion.ts';
import { indexEpochs } from './migrations/0003IndexEpochs.ts';
import { synonyms } from './migrations/0004Synonyms.ts';
import { searchSettings } from './migrations/0005SearchSettings.ts';
import { apiKeys } from './migrations/0006ApiKeys.ts';
import { idempotencyKeys } from './migrations/0007IdempotencyKeys.ts';
import { budgetAlerts } from './migrations/0008BudgetAlerts.ts';
import { rateCounts } from './migrations/0008RateCounts.ts';
import { usage } from './migrations/0008Usage.ts';
import { auditLog } from './migrations/0009AuditLog.ts';
import { documentLabels } from './migrations/0010DocumentLabels.ts';
import { tenantAccounts } from './migrations/0011Tenants.ts';
import { dayCounts } from './migrations/0012DayCounts.ts';
import { queryUsage } from './migrations/0012QueryUsage.ts';
import { generations } from './migrations/0013Generations.ts';
import { consistency } from './migrations/0014Consistency.ts';
import { vault } from './migrations/0015Vault.ts';
import { placements } from './migrations/0016Placements.ts';
import { restores } from './migrations/0017Restores.ts';
import { retention } from './migrations/0018Retention.ts';
import { searchHistory } from './migrations/0019SearchHistory.ts';
import { reindex } from './migrations/0020Reindex.ts';
import { recall } from './migrations/0021Recall.ts';
import { recuts } from './migrations/0022Recuts.ts';

/** In order of their names; a landed migration is never changed. */
export const migrations: Record<string, Migration> = {
  '0001_foundation': foundation,
  '0002_durable_ingestion': durableIngestion,
  '0003_index_epochs': indexEpochs,
  '0004_synonyms': synonyms,
  '0005_search_settings': searchSettings,
  '0006_api_keys': apiKeys,
  '0007_idempotency_keys': idempotencyKeys,
  '0008_budget_alerts': budgetAlerts,
  '0008_rate_counts': rateCounts,
  '0008_usage': usage,
  '0009_audit_log': auditLog,
  '0010_document_labels': documentLabels,
  '0011_tenants': tenantAccounts,
  '0012_day_counts': dayCounts,
  '0012_query_usage': queryUsage,
  '0013_generations': generations,
  '0014_consistency': consistency,
  '0015_vault': vault,
  '0016_placements': placements,
  '0017_restores': restores,
  '0018_retention': retention,
  '0019_search_history': searchHistory,
  '0020_reindex': reindex,
  '0021_recall': recall,
  '0022_recuts': recuts,
};
