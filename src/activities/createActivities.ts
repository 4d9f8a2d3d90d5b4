import type { Failure } from '../contracts/failure.ts';
import type { JobScope } from '../contracts/ingestion.ts';
import { acquireDocuments } from './acquireDocuments.ts';
import { withHeartbeat } from './activityContext.ts';
import type { ActivityContext } from './activityContext.ts';
import { chunkDocuments } from './chunkDocuments.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { embedDocuments } from './embedDocuments.ts';
import { finishJob, listUnfinished, recordFailure, startJob } from './jobLifecycle.ts';
import { parseDocuments } from './parseDocuments.ts';
import { planUnits } from './planUnits.ts';
import { publishDocuments } from './publishDocuments.ts';
import { toTemporalFailure } from './temporalFailure.ts';
import { upsertDocuments } from './upsertDocuments.ts';
import { createVectorMemory } from './vectorMemory.ts';

/** The steps of ingestion as Temporal activities, in the order of the flow. Each is idempotent and acts for the tenant of its scope only; what a stage needs it finds in the registry by index. */
export function createActivities(dependencies: ActivityDependencies) {
  const vectorMemory = createVectorMemory();
  return {
    startJob: (scope: JobScope) => run(() => startJob(dependencies, scope)),
    planUnits: (scope: JobScope, after: number, limit: number) => run(() => planUnits(dependencies, scope, after, limit)),
    acquireDocuments: (scope: JobScope, indexes: readonly number[]) => run((context) => acquireDocuments(dependencies, scope, indexes, context)),
    parseDocuments: (scope: JobScope, indexes: readonly number[]) => run((context) => parseDocuments(dependencies, scope, indexes, context)),
    chunkDocuments: (scope: JobScope, indexes: readonly number[]) => run((context) => chunkDocuments(dependencies, scope, indexes, context)),
    embedDocuments: (scope: JobScope, indexes: readonly number[]) => run((context) => embedDocuments({ ...dependencies, vectorMemory }, scope, indexes, context)),
    upsertDocuments: (scope: JobScope, indexes: readonly number[]) => run((context) => upsertDocuments(dependencies, scope, indexes, context)),
    publishDocuments: (scope: JobScope, indexes: readonly number[]) => run((context) => publishDocuments(dependencies, scope, indexes, context)),
    recordFailure: (scope: JobScope, indexes: readonly number[], failure: Failure) => run(() => recordFailure(dependencies, scope, indexes, failure)),
    listUnfinished: (scope: JobScope, indexes: readonly number[]) => run(() => listUnfinished(dependencies, scope, indexes)),
    finishJob: (scope: JobScope) => run(() => finishJob(dependencies, scope)),
  };
}

export type Activities = ReturnType<typeof createActivities>;

async function run<Result>(step: (context: ActivityContext) => Promise<Result>): Promise<Result> {
  try {
    return await withHeartbeat(step);
  } catch (thrown) {
    throw toTemporalFailure(thrown);
  }
}
