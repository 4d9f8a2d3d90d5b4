import { continueAsNew, isCancellation, sleep, upsertSearchAttributes } from '@temporalio/workflow';
import { errorTable } from '../contracts/errors.ts';
import type { DeletionScope } from '../contracts/ingestion.ts';
import { erasing } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import { searchAttributes } from './names.ts';

export interface DeleteDocumentsInput {
  readonly scope: DeletionScope;
  /** Where an earlier run stopped: the step, and the last page of it. */
  readonly step?: number;
  readonly after?: string | null;
  /** Pages of a run; a page costs six events. */
  readonly pagesPerRun?: number;
}

/** In the order of visibility: nothing is removed before all of it is out of search. Each takes a page, and answers where the next one starts. */
const steps = [erasing.hideDocuments, erasing.removeVectors, erasing.removeArtifacts, erasing.removeRecords] as const;

/** Deletes documents for good, page by page, and ends with the receipt that the registry keeps. A deletion that is done is left as it is. */
export async function deleteDocuments(input: DeleteDocumentsInput): Promise<void> {
  const { scope, step: firstStep = 0, after: start = null, pagesPerRun = 1_000 } = input;
  if (firstStep === 0 && start === null) {
    const { finished } = await untilDone(() => erasing.beginDeletion(scope));
    if (finished) return;
  }
  let pages = 0;
  for (const [number, takePage] of steps.entries()) {
    if (number < firstStep) continue;
    for (let after = number === firstStep ? start : null; ; ) {
      if (pages === pagesPerRun) await continueAsNew<typeof deleteDocuments>({ ...input, step: number, after });
      const page = await untilDone(() => takePage(scope, after));
      pages += 1;
      if (page.next === null) break;
      after = page.next;
    }
  }
  await untilDone(() => erasing.finishDeletion(scope));
  upsertSearchAttributes([{ key: searchAttributes.state, value: 'succeeded' }]);
}

/** What was promised to be erased is erased, however long a store is away: after a day of tries of its own, a step is tried once an hour. */
async function untilDone<Result>(step: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await step();
    } catch (thrown) {
      if (isCancellation(thrown) || !errorTable[failureOf(thrown).code].retryable) throw thrown;
    }
    await sleep('1h');
  }
}
