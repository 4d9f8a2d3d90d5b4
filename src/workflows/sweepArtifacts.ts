import { continueAsNew, upsertSearchAttributes } from '@temporalio/workflow';
import type { SweepScope } from '../contracts/ingestion.ts';
import { sweeping } from './activityProxies.ts';
import { searchAttributes } from './names.ts';

export interface SweepArtifactsInput {
  readonly scope: SweepScope;
  /** Where an earlier run stopped, and how many pages there were before. */
  readonly cursor?: string | null;
  readonly page?: number;
  /** Pages of a run; a page costs six events. */
  readonly pagesPerRun?: number;
}

/** Goes through all objects of a tenant, page by page, and removes, or in a dry run counts, what nothing needs any more. A sweep that is done is left as it is. */
export async function sweepArtifacts(input: SweepArtifactsInput): Promise<void> {
  const { scope, cursor: start = null, page: firstPage = 0, pagesPerRun = 1_000 } = input;
  if (firstPage === 0 && (await sweeping.beginSweep(scope)).finished) return;
  for (let cursor = start, page = firstPage; ; page += 1) {
    if (page === firstPage + pagesPerRun) await continueAsNew<typeof sweepArtifacts>({ ...input, cursor, page });
    const { next } = await sweeping.sweepPage(scope, cursor, page);
    if (next === null) break;
    cursor = next;
  }
  await sweeping.finishSweep(scope);
  upsertSearchAttributes([{ key: searchAttributes.state, value: 'succeeded' }]);
}
