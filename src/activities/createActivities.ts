import type { RestoreScope } from '../contracts/backups.ts';
import { beginRestore } from './backups/beginRestore.ts';
import { copyObjects } from './backups/copyObjects.ts';
import type { BackupDependencies } from './backups/dependencies.ts';
import { beginBackup, dumpRegistry } from './backups/dumpRegistry.ts';
import { describeIndex, failBackup, finishBackup } from './backups/finishBackup.ts';
import { openServing, rebuildIndex } from './backups/rebuildIndex.ts';
import { removeOldBackups } from './backups/removeOldBackups.ts';
import { restoreObjects } from './backups/restoreObjects.ts';
import type { ObjectsPlace } from './backups/restoreObjects.ts';
import { failRestore, finishRestore, restoreRegistry } from './backups/restoreRegistry.ts';
import { chooseVerification, failVerification, verifyBackup } from './backups/verifyBackup.ts';
import { toCatalystError } from '../contracts/errors.ts';
import type { Failure } from '../contracts/failure.ts';
import type { ConsistencyScope, DeletionScope, IndexRange, JobScope, SourceScope, StageResult, SweepScope } from '../contracts/ingestion.ts';
import { auditDocuments } from './consistency/auditDocuments.ts';
import { auditObjects } from './consistency/auditObjects.ts';
import type { ObjectCursor } from './consistency/auditObjects.ts';
import { acceptAudit, beginAudit, failAudit, finishAudit } from './consistency/auditRuns.ts';
import { auditStrangers } from './consistency/auditStrangers.ts';
import type { ChangeScope, IndexDecision, ReindexTrial } from '../contracts/generations.ts';
import { acceptSweep, listTenants } from './sweep/acceptSweep.ts';
import { acquireDocuments } from './stages/acquireDocuments.ts';
import { asServing } from './stages/asServing.ts';
import type { ActivityContext } from './activityContext.ts';
import { chunkDocuments } from './stages/chunkDocuments.ts';
import { beginDeletion } from './deletion/beginDeletion.ts';
import { finishDeletion } from './deletion/finishDeletion.ts';
import { hideDocuments } from './deletion/hideDocuments.ts';
import { removeArtifacts } from './deletion/removeArtifacts.ts';
import { removeRecords } from './deletion/removeRecords.ts';
import { removeVectors } from './deletion/removeVectors.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { cancelDiscovery, discoverStep, failDiscovery } from './sources/discoverStep.ts';
import { embedDocuments } from './embedding/embedDocuments.ts';
import { createEmbeddingParts } from './embedding/embeddingParts.ts';
import type { EmbeddingParts } from './embedding/embeddingParts.ts';
import { eraseDryRun } from './job/eraseDryRun.ts';
import { FairTurns } from './turns/fairTurns.ts';
import { finishJob, listUnfinished, recordFailure, startJob } from './job/jobLifecycle.ts';
import type { GenerationDependencies } from './generations/dependencies.ts';
import { fillGeneration, openGeneration } from './generations/fillGeneration.ts';
import { measureRecall } from './generations/measureRecall.ts';
import { planCompaction } from './generations/planCompaction.ts';
import { judgeGeneration } from './generations/judgeGeneration.ts';
import { planReindex, stopReindex } from './generations/planReindex.ts';
import { abandonGeneration, failChange, planRollback, switchGeneration } from './generations/switchGeneration.ts';
import { tendGenerations } from './generations/tendGenerations.ts';
import { verifyGeneration } from './generations/verifyGeneration.ts';
import { parseDocuments } from './stages/parseDocuments.ts';
import { planUnits } from './job/planUnits.ts';
import { previewDocuments } from './stages/previewDocuments.ts';
import { publishDocuments } from './stages/publishDocuments.ts';
import { remakeLost } from './stages/remakeLost.ts';
import { createRunStep } from './runStep.ts';
import type { RunStep } from './runStep.ts';
import { acceptMissing, undoPage } from './job/settleJob.ts';
import { acceptSourceRun, cancelSourceRun } from './sources/sourceRuns.ts';
import { beginSweep } from './sweep/beginSweep.ts';
import { finishSweep } from './sweep/finishSweep.ts';
import { sweepPage } from './sweep/sweepPage.ts';
import { upsertDocuments } from './stages/upsertDocuments.ts';

/** The product's steps as Temporal activities. Each is idempotent and acts for the tenant of its scope only; what a stage needs it finds in the registry by index. */
export function createActivities(dependencies: ActivityDependencies) {
  const run = createRunStep(dependencies.emit);
  const embeddings = createEmbeddingParts(dependencies);
  return { ...jobActivities(dependencies, run), ...stageActivities(dependencies, embeddings, run), ...sourceActivities(dependencies, run), ...erasingActivities(dependencies, run), ...backupActivities({ ...dependencies, embeddings }, run), ...restoreActivities({ ...dependencies, embeddings }, run), ...generationActivities({ ...dependencies, embeddings }, run), ...auditingActivities(dependencies, run) };
}

export type Activities = ReturnType<typeof createActivities>;

function jobActivities(dependencies: ActivityDependencies, run: RunStep) {
  return {
    startJob: (scope: JobScope) => run(() => startJob(dependencies, scope)),
    planUnits: (scope: JobScope, after: number, limit: number, busy: readonly IndexRange[]) => run(() => planUnits(dependencies, scope, after, limit, busy)),
    recordFailure: (scope: JobScope, indexes: readonly number[], failure: Failure) => run(() => recordFailure(dependencies, scope, indexes, failure)),
    listUnfinished: (scope: JobScope, indexes: readonly number[]) => run(() => listUnfinished(dependencies, scope, indexes)),
    acceptMissing: (scope: JobScope, removed: number) => run(() => acceptMissing(dependencies, scope, removed)),
    undoPage: (scope: JobScope, after: number, limit: number) => run(() => undoPage(dependencies, scope, after, limit)),
    eraseDryRun: (scope: JobScope) => run((context) => eraseDryRun(dependencies, scope, context)),
    finishJob: (scope: JobScope) => run(() => finishJob(dependencies, scope)),
  };
}

type Stage = (scope: JobScope, indexes: readonly number[], context: ActivityContext) => Promise<StageResult>;

/** In the order of the flow; the last is that of a dry run. Each goes by the model that the index is made by when it begins. */
function stageActivities(dependencies: ActivityDependencies, embeddings: EmbeddingParts, run: RunStep) {
  const serving = (scope: { readonly tenant: string }) => asServing(dependencies, scope);
  const parsing = { ...dependencies, parserTurns: new FairTurns(dependencies.parser.places) };
  const acquire: Stage = async (scope, indexes, context) => acquireDocuments(await serving(scope), scope, indexes, context);
  const parse: Stage = (scope, indexes, context) => parseDocuments(parsing, scope, indexes, context);
  const chunk: Stage = async (scope, indexes, context) => chunkDocuments(await serving(scope), scope, indexes, context);
  const embed: Stage = async (scope, indexes, context) => embedDocuments(embeddings(await dependencies.models.serving(scope.tenant)), scope, indexes, context);
  const upsert = embeddingAnew(embed, async (scope, indexes, context) => upsertDocuments(await serving(scope), scope, indexes, context));
  const publish: Stage = (scope, indexes, context) => publishDocuments(dependencies, scope, indexes, context);
  const remaking = (stage: Stage, before: readonly Stage[]) => (scope: JobScope, indexes: readonly number[]) =>
    run((context) => remakeLost(dependencies, scope, indexes, before.map((step) => (wanted) => step(scope, wanted, context)), (wanted) => stage(scope, wanted, context)));
  return {
    acquireDocuments: remaking(acquire, []),
    parseDocuments: remaking(parse, [acquire]),
    chunkDocuments: remaking(chunk, [acquire, parse]),
    embedDocuments: remaking(embed, [acquire, parse, chunk]),
    upsertDocuments: remaking(upsert, [acquire, parse, chunk, embed]),
    publishDocuments: remaking(rewriting(upsert, publish), [acquire, parse, chunk, embed, upsert]),
    previewDocuments: (scope: JobScope, indexes: readonly number[]) => run(async (context) => previewDocuments(await serving(scope), scope, indexes, context)),
  };
}

/** Vectors of a model that the index is not made by any more are made anew by the one that it is made by now. */
function embeddingAnew(embed: Stage, upsert: Stage): Stage {
  return async (scope, indexes, context) => {
    try {
      return await upsert(scope, indexes, context);
    } catch (thrown) {
      if (toCatalystError(thrown).code !== 'INDEX_MOVED') throw thrown;
    }
    const { ready, finished } = await embed(scope, indexes, context);
    if (ready.length === 0) return { ready, finished };
    const written = await upsert(scope, ready, context);
    return { ready: written.ready, finished: [...finished, ...written.finished] };
  };
}

/** Points that were written before the alias was led to another generation are not in that one: they are written once more. */
function rewriting(upsert: Stage, publish: Stage): Stage {
  return async (scope, indexes, context) => {
    try {
      return await publish(scope, indexes, context);
    } catch (thrown) {
      if (toCatalystError(thrown).code !== 'VERIFICATION_FAILED') throw thrown;
    }
    const { ready, finished } = await upsert(scope, indexes, context);
    if (ready.length === 0) return { ready, finished };
    const published = await publish(scope, ready, context);
    return { ready: published.ready, finished: [...finished, ...published.finished] };
  };
}

function sourceActivities(dependencies: ActivityDependencies, run: RunStep) {
  return {
    discoverStep: (scope: JobScope) => run(async (context) => discoverStep(await asServing(dependencies, scope), scope, context)),
    cancelDiscovery: (scope: JobScope) => run(() => cancelDiscovery(dependencies, scope)),
    failDiscovery: (scope: JobScope, failure: Failure) => run(() => failDiscovery(dependencies, scope, failure)),
    acceptSourceRun: (source: SourceScope, runId: string) => run(() => acceptSourceRun(dependencies, source, runId)),
    cancelSourceRun: (scope: JobScope) => run(() => cancelSourceRun(dependencies, scope)),
  };
}

function erasingActivities(dependencies: ActivityDependencies, run: RunStep) {
  return {
    beginDeletion: (scope: DeletionScope) => run((context) => beginDeletion(dependencies, scope, context)),
    hideDocuments: (scope: DeletionScope, after: string | null) => run((context) => hideDocuments(dependencies, scope, after, context)),
    removeVectors: (scope: DeletionScope, after: string | null) => run(() => removeVectors(dependencies, scope, after)),
    removeArtifacts: (scope: DeletionScope, after: string | null) => run((context) => removeArtifacts(dependencies, scope, after, context)),
    removeRecords: (scope: DeletionScope, after: string | null) => run(() => removeRecords(dependencies, scope, after)),
    finishDeletion: (scope: DeletionScope) => run((context) => finishDeletion(dependencies, scope, context)),
    listTenants: (after: string | null, limit: number) => run(() => listTenants(dependencies, after, limit)),
    acceptSweep: (tenant: string, sweepOfAll: string) => run(() => acceptSweep(dependencies, tenant, sweepOfAll)),
    beginSweep: (scope: SweepScope) => run(() => beginSweep(dependencies, scope)),
    sweepPage: (scope: SweepScope, cursor: string | null, page: number) => run((context) => sweepPage(dependencies, scope, cursor, page, context)),
    finishSweep: (scope: SweepScope) => run((context) => finishSweep(dependencies, scope, context)),
  };
}

/** In the order of the flow: points are mended from artifacts, so that these come first. */
function auditingActivities(dependencies: ActivityDependencies, run: RunStep) {
  const serving = (scope: { readonly tenant: string }) => asServing(dependencies, scope);
  return {
    acceptAudit: (tenant: string, auditOfAll: string, deep: boolean) => run(() => acceptAudit(dependencies, tenant, auditOfAll, deep)),
    beginAudit: (scope: ConsistencyScope) => run(() => beginAudit(dependencies, scope)),
    auditObjects: (scope: ConsistencyScope, cursor: ObjectCursor | null, page: number) => run(async (context) => auditObjects(await serving(scope), scope, cursor, page, context)),
    auditDocuments: (scope: ConsistencyScope, bucket: number, buckets: number) => run(async (context) => auditDocuments(await serving(scope), scope, bucket, buckets, context)),
    auditStrangers: (scope: ConsistencyScope, offset: string | null, page: number) => run(async () => auditStrangers(await serving(scope), scope, offset, page)),
    finishAudit: (scope: ConsistencyScope) => run(() => finishAudit(dependencies, scope)),
    failAudit: (scope: ConsistencyScope, failure: Failure) => run(() => failAudit(dependencies, scope, failure)),
  };
}

/** Changes of the index as a whole: for no tenant. */
function generationActivities(dependencies: GenerationDependencies, run: RunStep) {
  return {
    planCompaction: (scope: ChangeScope, force: boolean, tenant: string | null = null, takeBack: readonly string[] = []) => run(() => planCompaction(dependencies, scope, { force, tenant, takeBack })),
    openGeneration: (generation: string) => run(() => openGeneration(dependencies, generation)),
    fillGeneration: (generation: string) => run((context) => fillGeneration(dependencies, generation, context)),
    verifyGeneration: (generation: string) => run((context) => verifyGeneration(dependencies, generation, context)),
    switchGeneration: (scope: ChangeScope, kind: IndexDecision['kind'], generation: string, tenant: string | null = null) => run((context) => switchGeneration(dependencies, scope, kind, generation, tenant, context)),
    planRollback: (_scope?: ChangeScope, tenant: string | null = null) => run(() => planRollback(dependencies, tenant)),
    /** `kind`: of a workflow that an earlier release began, a compaction. */
    abandonGeneration: (scope: ChangeScope, generation: string, failure: Failure, kind: IndexDecision['kind'] = 'compaction') => run(() => abandonGeneration(dependencies, scope, generation, failure, kind)),
    failChange: (scope: ChangeScope, kind: IndexDecision['kind'], tenant: string | null, failure: Failure) => run(() => failChange(dependencies, scope, kind, tenant, failure)),
    planReindex: (scope: ChangeScope, maximumTokens: number | undefined, tenant: string | null = null, recut = false, giveUp = false) => run(() => planReindex(dependencies, scope, { maximumTokens, tenant, recut, giveUp })),
    judgeGeneration: (scope: ChangeScope, generation: string, trial: ReindexTrial) => run((context) => judgeGeneration(dependencies, scope, generation, trial, context)),
    stopReindex: (scope: ChangeScope, generation: string, failure: Failure) => run(() => stopReindex(dependencies, scope, generation, failure)),
    measureRecall: () => run((context) => measureRecall(dependencies, context)),
    tendGenerations: () => run((context) => tendGenerations(dependencies, context)),
  };
}

/** In the order of the flow. For no tenant, as restores. */
function backupActivities(dependencies: BackupDependencies, run: RunStep) {
  return {
    beginBackup: (id: string, by: string) => run(() => beginBackup(dependencies, id, by)),
    dumpRegistry: (id: string) => run((context) => dumpRegistry(dependencies, id, context)),
    copyObjects: (id: string) => run((context) => copyObjects(dependencies, id, context)),
    describeIndex: (id: string) => run((context) => describeIndex(dependencies, id, context)),
    finishBackup: (id: string) => run(() => finishBackup(dependencies, id)),
    chooseVerification: () => run(() => chooseVerification(dependencies)),
    verifyBackup: (id: string, deep: boolean) => run((context) => verifyBackup(dependencies, id, deep, context)),
    failVerification: (id: string | null, failure: Failure) => run(() => Promise.resolve(failVerification(dependencies, id, failure))),
    removeOldBackups: () => run((context) => removeOldBackups(dependencies, context)),
    failBackup: (id: string, failure: Failure) => run(() => failBackup(dependencies, id, failure)),
  };
}

function restoreActivities(dependencies: BackupDependencies, run: RunStep) {
  return {
    beginRestore: (scope: RestoreScope) => run(() => beginRestore(dependencies, scope)),
    restoreRegistry: (scope: RestoreScope) => run((context) => restoreRegistry(dependencies, scope, context)),
    restoreObjects: (scope: RestoreScope, from: ObjectsPlace | null) => run((context) => restoreObjects(dependencies, scope, from, context)),
    openServing: () => run(() => openServing(dependencies)),
    rebuildIndex: (scope: RestoreScope) => run((context) => rebuildIndex(dependencies, scope, context)),
    finishRestore: (scope: RestoreScope) => run(() => finishRestore(dependencies, scope)),
    failRestore: (scope: RestoreScope, failure: Failure) => run(() => failRestore(dependencies, scope, failure)),
  };
}
