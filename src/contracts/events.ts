import type { IndexChangeKind } from './generations.ts';
import type { CacheName, CacheOutcome } from './caching.ts';
import type { FaultKind } from './consistency.ts';
import type { ErrorCode } from './errors.ts';
import type { Outcome, Stage, State } from './jobs.ts';
import type { BudgetLevel, QuotaName } from './quotas.ts';
import type { RateClass, RateHolder } from './rateLimits.ts';
import type { RefusalCause } from './overload.ts';
import type { CircuitState, RerankFailureReason, RerankProvider } from './rerank.ts';
import type { SearchMode } from './search.ts';

type FaultCounts = Readonly<Partial<Record<FaultKind, number>>>;

/** What happened, as logic tells it; `src/observability` alone turns events into logs and metrics. */
export type DomainEvent =
  | { readonly type: 'request.finished'; readonly requestId: string; readonly tenant: string | undefined; readonly method: string; readonly route: string; readonly status: number; readonly latencyMs: number; readonly code?: ErrorCode; /** Cause of a 5xx with its stack: for logs, never for answers. */ readonly detail?: string }
  /** A request that had to wait for its turn, whether it then got one or not. */
  | { readonly type: 'request.waited'; readonly route: string; readonly waitedMs: number }
  | { readonly type: 'request.shed'; readonly tenant: string; readonly route: string; readonly cause: RefusalCause; readonly retryAfterMs: number }
  /** A request beyond a limit of requests a minute. */
  | { readonly type: 'request.limited'; readonly tenant: string; readonly route: string; readonly class: RateClass; readonly holder: RateHolder }
  | { readonly type: 'quota.exceeded'; readonly tenant: string; readonly quota: QuotaName }
  /** Told once a month for each level. */
  | { readonly type: 'budget.reached'; readonly tenant: string; readonly level: BudgetLevel; readonly cost: number; readonly currency: string }
  /** Told once a second, where there is something to tell: requests of the routes that may be shed, and how many may be in work. */
  | { readonly type: 'load.observed'; readonly inWork: Readonly<Record<string, number>>; readonly waiting: Readonly<Record<string, number>>; readonly limit: number }
  | { readonly type: 'job.accepted'; readonly tenant: string; readonly jobId: string; readonly documents: number }
  | { readonly type: 'job.finished'; readonly tenant: string; readonly jobId: string; readonly state: State }
  | { readonly type: 'stage.finished'; readonly tenant: string; readonly jobId: string; readonly stage: Stage; readonly documents: number; readonly failed: number; readonly reused: number; readonly latencyMs: number }
  | { readonly type: 'document.finished'; readonly tenant: string; readonly jobId: string; readonly index: number; readonly state: State; readonly outcome: Outcome | null; readonly code?: ErrorCode; readonly chunks: number }
  | { readonly type: 'discovery.stepped'; readonly tenant: string; readonly jobId: string; readonly source: string; readonly added: number; readonly unreadable: number; readonly finished: boolean; readonly latencyMs: number }
  | { readonly type: 'job.paused'; readonly tenant: string; readonly jobId: string; readonly reason: 'budget' | 'tenant-budget' | 'credits'; readonly detail: string }
  | { readonly type: 'activity.retried'; readonly activity: string; readonly code: ErrorCode; readonly attempt: number; readonly waitMs: number; /** The other side named the time to wait. */ readonly retryAfter: boolean }
  /** Told each time; the workflow may be anybody's. */
  | { readonly type: 'principal.refused'; readonly activity: string; readonly workflowId: string; readonly code: ErrorCode; readonly detail: string }
  /** Schedules that had no principal, or one by a key that no longer signs. */
  | { readonly type: 'schedules.signed'; readonly looked: number; readonly signed: number }
  | { readonly type: 'deletion.finished'; readonly tenant: string; readonly deletionId: string; readonly documents: number; readonly points: number; readonly artifacts: number; readonly bytes: number }
  /** `objects` and `bytes` were removed, or would have been; `ranges` are parts of objects that stay, `records` rows of the registry. */
  | { readonly type: 'sweep.finished'; readonly tenant: string; readonly sweepId: string; readonly dryRun: boolean; readonly looked: number; readonly objects: number; readonly bytes: number; readonly ranges: number; readonly records: number }
  /** Replaced versions left the index: the history that searches find does not reach back to them any more. */
  | { readonly type: 'history.released'; readonly tenant: string; readonly versions: number }
  | { readonly type: 'consistency.failed'; readonly tenant: string; readonly auditId: string; readonly deep: boolean; readonly code: ErrorCode; readonly detail: string }
  | { readonly type: 'consistency.audited'; readonly tenant: string; readonly auditId: string; readonly dryRun: boolean; readonly deep: boolean; readonly documents: number; readonly points: number; readonly objects: number; readonly opened: number; readonly found: FaultCounts; readonly mended: FaultCounts; readonly seconds: number }
  | { readonly type: 'index.decided'; readonly kind: 'compaction' | 'reindex'; /** Whose own collection; null: the shared one. */ readonly tenant: string | null; readonly decision: 'begun' | 'nothing to do'; readonly because: string; readonly removedRatio: number; readonly points: number }
  /** The alias leads to another generation; `stillMs`: as long nobody could write. */
  | { readonly type: 'index.switched'; readonly kind: IndexChangeKind; readonly generation: string; readonly tenant: string | null; readonly stillMs: number; readonly followed: number }
  /** A generation was given up before it served. */
  | { readonly type: 'index.abandoned'; readonly generation: string; readonly tenant: string | null; readonly code: ErrorCode; readonly detail: string }
  /** A change came to nothing before it touched a generation. */
  | { readonly type: 'index.failed'; readonly kind: IndexChangeKind; readonly tenant: string | null; readonly code: ErrorCode; readonly detail: string }
  /** A change to another model did not pass its gates, or has used up its tokens. */
  | { readonly type: 'index.stopped'; readonly generation: string; readonly tenant: string | null; readonly detail: string }
  /** Of what exact search finds among the ten nearest, how much searches find; `low`: less than they should. */
  | { readonly type: 'index.measured'; readonly generation: string; readonly tenant: string | null; readonly sampled: number; readonly recall: number; readonly low: boolean }
  | { readonly type: 'index.dropped'; readonly generation: string; readonly tenant: string | null }
  /** The points of a tenant that has moved to a collection of its own were removed from the shared generation. */
  | { readonly type: 'index.departed'; readonly generation: string; readonly tenant: string; readonly points: number }
  /** `bytes`: of the whole set; `copiedBytes`: written for it; `gone`: objects that were deleted while it was made. */
  | { readonly type: 'backup.finished'; readonly backupId: string; readonly finishedAt: string; readonly rows: number; readonly objects: number; readonly bytes: number; readonly copiedBytes: number; readonly gone: number; readonly seconds: number }
  /** The last good one, told at the start of a worker. */
  | { readonly type: 'backup.known'; readonly backupId: string; readonly finishedAt: string; /** When one was last read through and found good; null: never. */ readonly deeplyVerifiedAt: string | null }
  | { readonly type: 'backup.failed'; readonly backupId: string; readonly code: ErrorCode; readonly detail: string }
  | { readonly type: 'backup.verified'; readonly backupId: string; readonly at: string; readonly deep: boolean; readonly objects: number; readonly bytes: number; readonly problems: number; readonly examples: readonly string[] }
  /** A verification that could not be made: nothing is known of the set. */
  | { readonly type: 'backup.unverified'; readonly backupId: string | null; readonly code: ErrorCode; readonly detail: string }
  | { readonly type: 'backup.removed'; readonly sets: number; readonly copies: number }
  | { readonly type: 'restore.finished'; readonly restoreId: string; readonly backupId: string | null; readonly rows: number; readonly objects: number; readonly points: number; readonly expectedPoints: number; readonly lostDocuments: number; readonly seconds: number }
  | { readonly type: 'restore.failed'; readonly restoreId: string; readonly code: ErrorCode; readonly detail: string }
  | { readonly type: 'texts.embedded'; readonly tenant: string; readonly texts: number; readonly tokens: number; readonly latencyMs: number }
  | { readonly type: 'search.finished'; readonly tenant: string; readonly mode: SearchMode; readonly results: number; readonly latencyMs: number; readonly embedMs: number; readonly retrieveMs: number }
  | { readonly type: 'cache.read'; readonly cache: CacheName; readonly outcome: CacheOutcome }
  /** The cache that processes share failed and is left alone for a moment. */
  | { readonly type: 'cache.unavailable'; readonly operation: 'connect' | 'read' | 'write'; readonly detail: string }
  | { readonly type: 'rerank.finished'; readonly tenant: string; readonly provider: RerankProvider; readonly model: string; readonly candidates: number; /** Fewer than the candidates: a partial answer. */ readonly scored: number; readonly latencyMs: number }
  /** A search kept its fused order. */
  | { readonly type: 'rerank.degraded'; readonly tenant: string; readonly provider: RerankProvider; readonly model: string; readonly candidates: number; readonly code: ErrorCode; readonly reason: RerankFailureReason; readonly detail: string; readonly latencyMs: number }
  | { readonly type: 'rerank.circuit'; readonly provider: RerankProvider; readonly state: CircuitState; /** Of an open circuit: until the next try. */ readonly openMs: number }
  /** `sequence` and `hash` of the last of these entries: in the logs they are a witness outside the database. */
  | { readonly type: 'audit.appended'; readonly tenant: string; readonly sequence: number; readonly hash: string; readonly entries: number; readonly latencyMs: number }
  /** Entries that nobody waits for could not be written; `isLost`: and will not be. */
  | { readonly type: 'audit.failed'; readonly tenant: string; readonly entries: number; readonly isLost: boolean; readonly code: ErrorCode; readonly detail: string }
  /** Redacted personal data was brought back; names and values are in no log. */
  | { readonly type: 'vault.revealed'; readonly tenant: string; readonly subject: string; readonly asked: number; readonly revealed: number }
  | { readonly type: 'dependency.failed'; readonly dependency: string; readonly code: ErrorCode; readonly detail: string }
  | { readonly type: 'service.started'; readonly service: string; readonly detail: string }
  | { readonly type: 'service.stopping'; readonly service: string; readonly reason: string };

export type BackupEvent = Extract<DomainEvent, { readonly type: `backup.${string}` | `restore.${string}` }>;

export function isBackupEvent(event: DomainEvent): event is BackupEvent {
  return event.type.startsWith('backup.') || event.type.startsWith('restore.');
}

export type EventSink = (event: DomainEvent) => void;
