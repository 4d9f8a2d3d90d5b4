import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** All metrics of the product. Labels are bounded: tenants are not among them. */
export function createMetrics(service: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({ name: 'catalyst_request_seconds', help: 'Time to answer API requests.', labelNames: ['method', 'route', 'status'], buckets: seconds, registers }),
    requestsInWork: new Gauge({ name: 'catalyst_requests_in_work', help: 'Requests in work on routes that shed load; the most in the last second.', labelNames: ['route'], registers }),
    requestsWaiting: new Gauge({ name: 'catalyst_requests_waiting', help: 'Requests that wait for their turn on routes that shed load; the most in the last second.', labelNames: ['route'], registers }),
    requestLimit: new Gauge({ name: 'catalyst_requests_limit', help: 'Requests that may be in work at once on routes that shed load; it follows the time they take.', registers }),
    requestWaits: new Histogram({ name: 'catalyst_request_wait_seconds', help: 'Time that requests waited for their turn, of those that had to.', labelNames: ['route'], buckets: seconds, registers }),
    requestsShed: new Counter({ name: 'catalyst_requests_shed_total', help: 'Requests refused with OVERLOADED; full: as many wait as may; waited: no place came free in time; displaced: gave way to another tenant.', labelNames: ['route', 'cause'], registers }),
    requestsLimited: new Counter({ name: 'catalyst_requests_limited_total', help: 'Requests refused with RATE_LIMITED, by class of routes and whose limit it was.', labelNames: ['class', 'holder'], registers }),
    quotasExceeded: new Counter({ name: 'catalyst_quotas_exceeded_total', help: 'Requests refused with QUOTA_EXCEEDED or, for quota searches, SEARCH_QUOTA_EXHAUSTED, by quota.', labelNames: ['quota'], registers }),
    budgetsReached: new Counter({ name: 'catalyst_tenant_budgets_reached_total', help: 'Budgets of tenants that were reached, once a month for each level (soft, hard).', labelNames: ['level'], registers }),
    jobs: new Counter({ name: 'catalyst_jobs_total', help: 'Jobs by what became of them.', labelNames: ['state'], registers }),
    documents: new Counter({ name: 'catalyst_documents_total', help: 'Documents that ended, by state, outcome and failure code.', labelNames: ['state', 'outcome', 'code'], registers }),
    chunks: new Counter({ name: 'catalyst_chunks_total', help: 'Chunks made visible.', registers }),
    stages: new Histogram({ name: 'catalyst_stage_seconds', help: 'Time of an ingestion stage for one unit of work.', labelNames: ['stage'], buckets: seconds, registers }),
    stageDocuments: new Counter({ name: 'catalyst_stage_documents_total', help: 'Documents that went through a stage; reused: their result was found, not made.', labelNames: ['stage', 'result'], registers }),
    embeddedTexts: new Counter({ name: 'catalyst_embedded_texts_total', help: 'Texts sent to the embedding model.', registers }),
    embeddedTokens: new Counter({ name: 'catalyst_embedded_tokens_total', help: 'Tokens sent to the embedding model.', registers }),
    embeddingSeconds: new Counter({ name: 'catalyst_embedding_seconds_total', help: 'Time spent waiting for the embedding model.', registers }),
    searches: new Histogram({ name: 'catalyst_search_seconds', help: 'Time of searches.', labelNames: ['mode', 'part'], buckets: seconds, registers }),
    cacheReads: new Counter({ name: 'catalyst_cache_reads_total', help: 'Reads of the caches of search, by how the value was had: from memory, from the shared cache, joined (waited for the same computation of another), computed, or bypassed (Postgres could not tell whether what is kept is still true).', labelNames: ['cache', 'outcome'], registers }),
    cacheFailures: new Counter({ name: 'catalyst_shared_cache_failures_total', help: 'Failures of the cache that processes share (Redis), at most one every two seconds; searches go on without it.', labelNames: ['operation'], registers }),
    reranks: new Histogram({ name: 'catalyst_rerank_seconds', help: 'Time of calls to the reranker, failed ones and those given up included.', labelNames: ['provider'], buckets: seconds, registers }),
    rerankOutcomes: new Counter({ name: 'catalyst_reranks_total', help: 'Searches that were to be reranked. Outcome: reranked, partial (some candidates without a score), or why the fused order was kept (timeout, failed, circuit-open), with the code of the failure.', labelNames: ['provider', 'outcome', 'code'], registers }),
    rerankCircuit: new Gauge({ name: 'catalyst_rerank_circuit_state', help: 'Circuit breaker of the reranker: 0 closed, 1 half-open, 2 open.', labelNames: ['provider'], registers }),
    retries: new Counter({ name: 'catalyst_activity_retries_total', help: 'Tries of activities that failed and are made again.', labelNames: ['activity', 'code'], registers }),
    retryWaitSeconds: new Counter({ name: 'catalyst_activity_retry_wait_seconds_total', help: 'Pauses before tries; cause: by the backoff of the failure class, or asked for by the other side (Retry-After).', labelNames: ['code', 'cause'], registers }),
    discoveredDocuments: new Counter({ name: 'catalyst_discovered_documents_total', help: 'Documents that sources named; unreadable: they cannot be had.', labelNames: ['source', 'result'], registers }),
    pauses: new Counter({ name: 'catalyst_job_pauses_total', help: 'Jobs that paused themselves, by reason.', labelNames: ['reason'], registers }),
    deletedDocuments: new Counter({ name: 'catalyst_deleted_documents_total', help: 'Documents deleted with a receipt.', registers }),
    releasedVersions: new Counter({ name: 'catalyst_history_released_versions_total', help: 'Replaced versions that left the index because the history that searches find does not reach back to them any more.', registers }),
    sweptBytes: new Counter({ name: 'catalyst_swept_bytes_total', help: 'Bytes of objects that sweeps removed.', registers }),
    sweptRecords: new Counter({ name: 'catalyst_swept_records_total', help: 'Rows of the registry that sweeps removed: old jobs, requests, events, addresses, reports, versions without artifacts, unused entries of the vault.', registers }),
    failedAudits: new Counter({ name: 'catalyst_consistency_failed_audits_total', help: 'Audits that came to nothing; by depth and code of the error.', labelNames: ['depth', 'code'], registers }),
    audits: new Counter({ name: 'catalyst_consistency_audits_total', help: 'Audits of registry, artifacts and index that came to their end; by depth.', labelNames: ['depth'], registers }),
    auditFaults: new Counter({ name: 'catalyst_consistency_faults_total', help: 'Faults that audits of consistency found, by kind; result: mended (made anew included), reported (dry run) or lost (nothing that is left tells what it was).', labelNames: ['kind', 'result'], registers }),
    auditDocuments: new Counter({ name: 'catalyst_consistency_documents_total', help: 'Documents that audits of consistency compared; opened: point by point, since their digests differed or were not known.', labelNames: ['result'], registers }),
    auditDuration: new Histogram({ name: 'catalyst_consistency_audit_seconds', help: 'Time from the acceptance of an audit of a tenant to its report.', labelNames: ['depth'], buckets: [1, 5, 30, 120, 600, 3600, 14_400], registers }),
    ...createBackupMetrics(registers),
    indexChanges: new Counter({ name: 'catalyst_index_changes_total', help: 'Changes of the index as a whole: what was decided (begun, nothing to do), switched (an alias leads to another generation), abandoned, dropped, measured (recall), departed (points of a tenant with a collection of its own left the shared one).', labelNames: ['what'], registers }),
    indexRemovedRatio: new Gauge({ name: 'catalyst_index_removed_ratio', help: 'Points that were deleted or replaced, of all that the serving shared generation ever held, when this was last looked at.', registers }),
    indexRecall: new Gauge({ name: 'catalyst_index_recall', help: 'Of the ten nearest points that exact search finds, how many searches find, when it was last sampled; by placement: shared, or the tenant with a collection of its own. Alert below 0.95.', labelNames: ['placement'], registers }),
    indexStill: new Histogram({ name: 'catalyst_index_still_seconds', help: 'How long writers waited while the alias was switched.', buckets: seconds, registers }),
    auditEntries: new Counter({ name: 'catalyst_audit_entries_total', help: 'Entries of the audit log that were written.', registers }),
    auditSeconds: new Histogram({ name: 'catalyst_audit_append_seconds', help: 'Time to write entries of one tenant into the audit log, several at once where they came together.', buckets: seconds, registers }),
    auditFailures: new Counter({ name: 'catalyst_audit_failures_total', help: 'Entries about the end of an operation that could not be written; retried: they are tried again, lost: they are not, and the operation stays without outcome. Operations whose begin cannot be written are refused and not counted here.', labelNames: ['result'], registers }),
    revealedEntries: new Counter({ name: 'catalyst_vault_revealed_total', help: 'Entries of the vault of personal data that callers asked for; result: revealed or missing (unknown, foreign, or in no document that the caller may see).', labelNames: ['result'], registers }),
    refusedPrincipals: new Counter({ name: 'catalyst_refused_principals_total', help: 'Activities that were refused since nothing proved, or not to them, who their workflow acts for.', labelNames: ['activity', 'code'], registers }),
    dependencyFailures: new Counter({ name: 'catalyst_dependency_failures_total', help: 'Failures of dependencies by code.', labelNames: ['dependency', 'code'], registers }),
  };
}

function createBackupMetrics(registers: Registry[]) {
  return {
    backups: new Counter({ name: 'catalyst_backups_total', help: 'Backups, verifications and restores that came to their end; by what they are (backup, verification, restore) and how they ended (good, failed, damaged).', labelNames: ['what', 'result'], registers }),
    backupTime: new Gauge({ name: 'catalyst_backup_last_success_timestamp_seconds', help: 'When the last good backup was finished; told by workers, 0 where there is none.', registers }),
    backupVerificationTime: new Gauge({ name: 'catalyst_backup_last_deep_verification_timestamp_seconds', help: 'When a backup was last read through and found as it was written; told by workers, 0 where none was.', registers }),
    backupSeconds: new Gauge({ name: 'catalyst_backup_duration_seconds', help: 'How long the last backup took.', registers }),
    backupBytes: new Gauge({ name: 'catalyst_backup_bytes', help: 'Of the last backup: the whole set, and what was written for it.', labelNames: ['what'], registers }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
