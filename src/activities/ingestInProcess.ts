import { toCatalystError } from '../contracts/errors.ts';
import { toFailure } from '../contracts/failure.ts';
import type { JobScope, StageResult } from '../contracts/ingestion.ts';
import { acquireDocuments } from './stages/acquireDocuments.ts';
import type { ActivityContext } from './activityContext.ts';
import { chunkDocuments } from './stages/chunkDocuments.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { embedDocuments } from './embedding/embedDocuments.ts';
import { createEmbeddingParts } from './embedding/embeddingParts.ts';
import { FairTurns } from './turns/fairTurns.ts';
import { finishJob, recordFailure, startJob } from './job/jobLifecycle.ts';
import { parseDocuments } from './stages/parseDocuments.ts';
import { previewDocuments } from './stages/previewDocuments.ts';
import { publishDocuments } from './stages/publishDocuments.ts';
import { upsertDocuments } from './stages/upsertDocuments.ts';

/** Documents of one job; who sends more uses the durable way. */
const mostDocuments = 100;

type Stage = (dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext) => Promise<StageResult>;

/**
 * The stages of ingestion for an accepted job in this process, without Temporal: for development and tests. Nothing is tried twice, and
 * nothing resumes it when the process ends: what fails is recorded, and an outage is thrown besides.
 */
export async function ingestInProcess(given: ActivityDependencies, scope: JobScope): Promise<void> {
  const dependencies = { ...given, embedder: await given.models.serving(scope.tenant) };
  const { control } = await startJob(dependencies, scope);
  const tasks = await dependencies.jobs.listUnfinishedTasks(scope.tenant, scope.jobId, -1, mostDocuments);
  const indexes = tasks.map(({ index }) => index);
  try {
    await runStages(dependencies, scope, indexes, control.dryRun ? [previewDocuments] : stages);
  } catch (thrown) {
    await recordFailure(dependencies, scope, indexes, toFailure(thrown));
    if (toCatalystError(thrown).class.retryable) throw thrown;
  } finally {
    await finishJob(dependencies, scope);
  }
}

const stages: readonly Stage[] = [
  acquireDocuments,
  (dependencies, scope, indexes, context) => parseDocuments({ ...dependencies, parserTurns: new FairTurns(dependencies.parser.places) }, scope, indexes, context),
  chunkDocuments,
  (dependencies, scope, indexes, context) => embedDocuments(createEmbeddingParts(dependencies)(dependencies.embedder), scope, indexes, context),
  upsertDocuments,
  publishDocuments,
];

async function runStages(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], wanted: readonly Stage[]): Promise<void> {
  const context: ActivityContext = { signal: new AbortController().signal, attempt: 1, progress: () => undefined };
  let ready = indexes;
  for (const stage of wanted) if (ready.length > 0) ({ ready } = await stage(dependencies, scope, ready, context));
}
