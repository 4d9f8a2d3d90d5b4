import { isCancellation } from '@temporalio/workflow';
import type { RestoreScope } from '../contracts/backups.ts';
import { restoring } from './activityProxies.ts';
import { failureOf } from './failures.ts';

export interface RestoreBackupInput {
  readonly scope: RestoreScope;
}

/** Rows, then objects, then the index of both; what was in work goes on at the end, when there is all that it needs. */
export async function restoreBackup({ scope }: RestoreBackupInput): Promise<void> {
  try {
    await restoring.beginRestore(scope);
    if (scope.parts.includes('registry')) await restoring.restoreRegistry(scope);
    if (scope.parts.includes('objects')) await bringObjectsBack(scope);
    if (scope.parts.includes('index')) {
      await restoring.openServing();
      while (!(await restoring.rebuildIndex(scope)).filled);
    }
    await restoring.finishRestore(scope);
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
    await restoring.failRestore(scope, failureOf(thrown));
    throw thrown;
  }
}

async function bringObjectsBack(scope: RestoreScope): Promise<void> {
  let step = await restoring.restoreObjects(scope, null);
  while (!step.finished) step = await restoring.restoreObjects(scope, step.place);
}
