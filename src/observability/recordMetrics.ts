import { faultKinds } from '../contracts/consistency.ts';
import { isBackupEvent } from '../contracts/events.ts';
import type { BackupEvent, DomainEvent } from '../contracts/events.ts';
import type { CircuitState } from '../contracts/rerank.ts';
import type { Metrics } from './metrics.ts';

/** What each event means for the metrics. */
export function recordMetrics(metrics: Metrics, event: DomainEvent): void {
  if (isBackupEvent(event)) return recordBackup(metrics, event);
  switch (event.type) {
    case 'request.finished':
      metrics.requests.observe({ method: event.method, route: event.route, status: event.status }, event.latencyMs / 1000);
      break;
    case 'job.accepted':
    case 'job.finished':
    case 'job.paused':
      recordJob(metrics, event);
      break;
    case 'document.finished':
      metrics.documents.inc({ state: event.state, outcome: event.outcome ?? 'none', code: event.code ?? 'none' });
      if (event.outcome === 'created' || event.outcome === 'updated') metrics.chunks.inc(event.chunks);
      break;
    case 'stage.finished':
      recordStage(metrics, event);
      break;
    case 'discovery.stepped':
      metrics.discoveredDocuments.inc({ source: event.source, result: 'joined' }, event.added);
      metrics.discoveredDocuments.inc({ source: event.source, result: 'unreadable' }, event.unreadable);
      break;
    case 'texts.embedded':
      recordEmbedding(metrics, event);
      break;
    case 'search.finished':
    case 'cache.read':
    case 'cache.unavailable':
    case 'request.waited':
    case 'request.shed':
    case 'load.observed':
      recordReading(metrics, event);
      break;
    case 'rerank.finished':
    case 'rerank.degraded':
    case 'rerank.circuit':
      recordRerank(metrics, event);
      break;
    case 'request.limited':
    case 'quota.exceeded':
    case 'budget.reached':
      recordLimit(metrics, event);
      break;
    case 'activity.retried':
    case 'dependency.failed':
    case 'principal.refused':
      recordTrouble(metrics, event);
      break;
    case 'schedules.signed':
    case 'service.started':
    case 'service.stopping':
      break;
    default:
      recordUpkeep(metrics, event);
  }
}

/** What did not go as it should: tried again, away, or refused. */
function recordTrouble(metrics: Metrics, event: Extract<DomainEvent, { type: 'activity.retried' | 'dependency.failed' | 'principal.refused' }>): void {
  switch (event.type) {
    case 'activity.retried':
      recordRetry(metrics, event);
      break;
    case 'dependency.failed':
      metrics.dependencyFailures.inc({ dependency: event.dependency, code: event.code });
      break;
    case 'principal.refused':
      metrics.refusedPrincipals.inc({ activity: event.activity, code: event.code });
      break;
  }
}

function recordJob(metrics: Metrics, event: Extract<DomainEvent, { type: 'job.accepted' | 'job.finished' | 'job.paused' }>): void {
  if (event.type === 'job.paused') metrics.pauses.inc({ reason: event.reason });
  else metrics.jobs.inc({ state: event.type === 'job.accepted' ? 'accepted' : event.state });
}

function recordEmbedding(metrics: Metrics, { texts, tokens, latencyMs }: Extract<DomainEvent, { type: 'texts.embedded' }>): void {
  metrics.embeddedTexts.inc(texts);
  metrics.embeddedTokens.inc(tokens);
  metrics.embeddingSeconds.inc(latencyMs / 1000);
}

type IndexEvent = Extract<DomainEvent, { readonly type: `index.${string}` }>;

/** What was removed, what is kept of who did what, and what became of the index. */
function recordUpkeep(metrics: Metrics, event: IndexEvent | Extract<DomainEvent, { type: 'deletion.finished' | 'sweep.finished' | 'history.released' | 'consistency.audited' | 'consistency.failed' | 'audit.appended' | 'audit.failed' | 'vault.revealed' }>): void {
  switch (event.type) {
    case 'vault.revealed':
      metrics.revealedEntries.inc({ result: 'revealed' }, event.revealed);
      metrics.revealedEntries.inc({ result: 'missing' }, event.asked - event.revealed);
      break;
    case 'deletion.finished':
      metrics.deletedDocuments.inc(event.documents);
      break;
    case 'sweep.finished':
      if (event.dryRun) break;
      metrics.sweptBytes.inc(event.bytes);
      metrics.sweptRecords.inc(event.records);
      break;
    case 'history.released':
      metrics.releasedVersions.inc(event.versions);
      break;
    case 'consistency.failed':
      metrics.failedAudits.inc({ depth: event.deep ? 'deep' : 'quick', code: event.code });
      break;
    case 'consistency.audited':
      recordAudit(metrics, event);
      break;
    case 'audit.appended':
      metrics.auditEntries.inc(event.entries);
      metrics.auditSeconds.observe(event.latencyMs / 1000);
      break;
    case 'audit.failed':
      metrics.auditFailures.inc({ result: event.isLost ? 'lost' : 'retried' }, event.entries);
      break;
    default:
      recordIndexChange(metrics, event);
  }
}

function recordAudit(metrics: Metrics, { deep, dryRun, documents, opened, found, mended, seconds }: Extract<DomainEvent, { type: 'consistency.audited' }>): void {
  const depth = deep ? 'deep' : 'quick';
  metrics.audits.inc({ depth });
  metrics.auditDuration.observe({ depth }, seconds);
  metrics.auditDocuments.inc({ result: 'opened' }, opened);
  metrics.auditDocuments.inc({ result: 'clean' }, Math.max(0, documents - opened));
  for (const kind of faultKinds) {
    const [all, put] = [found[kind] ?? 0, mended[kind] ?? 0];
    metrics.auditFaults.inc({ kind, result: 'mended' }, put);
    metrics.auditFaults.inc({ kind, result: dryRun ? 'reported' : 'lost' }, all - put);
  }
}

function recordBackup(metrics: Metrics, event: BackupEvent): void {
  switch (event.type) {
    case 'backup.known':
      metrics.backupTime.set(Date.parse(event.finishedAt) / 1000);
      if (event.deeplyVerifiedAt !== null) metrics.backupVerificationTime.set(Date.parse(event.deeplyVerifiedAt) / 1000);
      break;
    case 'backup.finished':
      metrics.backups.inc({ what: 'backup', result: 'good' });
      metrics.backupTime.set(Date.parse(event.finishedAt) / 1000);
      metrics.backupSeconds.set(event.seconds);
      metrics.backupBytes.set({ what: 'set' }, event.bytes);
      metrics.backupBytes.set({ what: 'written' }, event.copiedBytes);
      break;
    case 'backup.verified':
      metrics.backups.inc({ what: 'verification', result: event.problems > 0 ? 'damaged' : 'good' });
      if (event.deep && event.problems === 0) metrics.backupVerificationTime.set(Date.parse(event.at) / 1000);
      break;
    case 'backup.unverified':
      metrics.backups.inc({ what: 'verification', result: 'failed' });
      break;
    case 'backup.removed':
      break;
    case 'backup.failed':
    case 'restore.finished':
    case 'restore.failed':
      metrics.backups.inc({ what: event.type === 'backup.failed' ? 'backup' : 'restore', result: event.type === 'restore.finished' ? 'good' : 'failed' });
  }
}

function recordIndexChange(metrics: Metrics, event: IndexEvent): void {
  const what = event.type === 'index.decided' ? event.decision : event.type.slice('index.'.length);
  metrics.indexChanges.inc({ what });
  if (event.type === 'index.decided' && event.tenant === null) metrics.indexRemovedRatio.set(event.removedRatio);
  if (event.type === 'index.measured') metrics.indexRecall.set({ placement: event.tenant ?? 'shared' }, event.recall);
  if (event.type === 'index.switched') metrics.indexStill.observe(event.stillMs / 1000);
}

/** What tenants and callers may not have more of. */
function recordLimit(metrics: Metrics, event: Extract<DomainEvent, { type: 'request.limited' | 'quota.exceeded' | 'budget.reached' }>): void {
  switch (event.type) {
    case 'request.limited':
      metrics.requestsLimited.inc({ class: event.class, holder: event.holder });
      break;
    case 'quota.exceeded':
      metrics.quotasExceeded.inc({ quota: event.quota });
      break;
    case 'budget.reached':
      metrics.budgetsReached.inc({ level: event.level });
      break;
  }
}

/** What searches do, and what lets them in. */
function recordReading(metrics: Metrics, event: Extract<DomainEvent, { type: 'search.finished' | 'cache.read' | 'cache.unavailable' | 'request.waited' | 'request.shed' | 'load.observed' }>): void {
  switch (event.type) {
    case 'search.finished':
      recordSearch(metrics, event);
      break;
    case 'cache.read':
      metrics.cacheReads.inc({ cache: event.cache, outcome: event.outcome });
      break;
    case 'cache.unavailable':
      metrics.cacheFailures.inc({ operation: event.operation });
      break;
    case 'request.waited':
      metrics.requestWaits.observe({ route: event.route }, event.waitedMs / 1000);
      break;
    case 'request.shed':
      metrics.requestsShed.inc({ route: event.route, cause: event.cause });
      break;
    case 'load.observed':
      recordLoad(metrics, event);
      break;
  }
}

function recordStage(metrics: Metrics, event: Extract<DomainEvent, { type: 'stage.finished' }>): void {
  metrics.stages.observe({ stage: event.stage }, event.latencyMs / 1000);
  metrics.stageDocuments.inc({ stage: event.stage, result: 'reused' }, event.reused);
  metrics.stageDocuments.inc({ stage: event.stage, result: 'failed' }, event.failed);
  metrics.stageDocuments.inc({ stage: event.stage, result: 'made' }, Math.max(0, event.documents - event.reused - event.failed));
}

function recordRetry(metrics: Metrics, event: Extract<DomainEvent, { type: 'activity.retried' }>): void {
  metrics.retries.inc({ activity: event.activity, code: event.code });
  metrics.retryWaitSeconds.inc({ code: event.code, cause: event.retryAfter ? 'asked' : 'backoff' }, event.waitMs / 1000);
}

function recordLoad(metrics: Metrics, event: Extract<DomainEvent, { type: 'load.observed' }>): void {
  for (const [route, count] of Object.entries(event.inWork)) metrics.requestsInWork.set({ route }, count);
  for (const [route, count] of Object.entries(event.waiting)) metrics.requestsWaiting.set({ route }, count);
  metrics.requestLimit.set(event.limit);
}

function recordSearch(metrics: Metrics, event: Extract<DomainEvent, { type: 'search.finished' }>): void {
  metrics.searches.observe({ mode: event.mode, part: 'all' }, event.latencyMs / 1000);
  metrics.searches.observe({ mode: event.mode, part: 'embed' }, event.embedMs / 1000);
  metrics.searches.observe({ mode: event.mode, part: 'retrieve' }, event.retrieveMs / 1000);
}

const circuitNumbers: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

function recordRerank(metrics: Metrics, event: Extract<DomainEvent, { readonly type: `rerank.${string}` }>): void {
  const { provider } = event;
  if (event.type === 'rerank.circuit') {
    metrics.rerankCircuit.set({ provider }, circuitNumbers[event.state]);
    return;
  }
  const outcome = event.type === 'rerank.degraded' ? event.reason : event.scored < event.candidates ? 'partial' : 'reranked';
  metrics.rerankOutcomes.inc({ provider, outcome, code: event.type === 'rerank.degraded' ? event.code : 'none' });
  // Nothing was called while the circuit was open.
  if (outcome !== 'circuit-open') metrics.reranks.observe({ provider }, event.latencyMs / 1000);
}
