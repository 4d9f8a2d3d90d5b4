import { ContinueAsNew, continueAsNew, isCancellation, upsertSearchAttributes } from '@temporalio/workflow';
import type { ConsistencyScope } from '../contracts/ingestion.ts';
import { auditing } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import { searchAttributes } from './names.ts';

export interface AuditIndexInput {
  readonly scope: ConsistencyScope;
  /** Where an earlier run stopped. */
  readonly reached?: AuditPlace;
  /** Pages of a run; a page costs six events. */
  readonly pagesPerRun?: number;
}

/** The steps in their order, each with what its next page begins at, and how many pages of it there were. */
type AuditPlace =
  | { readonly step: 'objects'; readonly page: number; readonly cursor: { readonly key: string; readonly uri: string } | null; readonly buckets: number }
  | { readonly step: 'documents'; readonly page: number; readonly buckets: number }
  | { readonly step: 'strangers'; readonly page: number; readonly offset: string | null }
  | { readonly step: 'done' };

/**
 * Compares what the registry says of a tenant with its artifacts and with the index, and mends what differs: artifacts first, since points
 * are mended from them, then the points of each document, then points of documents that are not shown. An audit that is done is left as it is;
 * one that cannot go on is told as failed.
 */
export async function auditIndex(input: AuditIndexInput): Promise<void> {
  try {
    await takePages(input);
  } catch (thrown) {
    if (!isCancellation(thrown) && !(thrown instanceof ContinueAsNew)) await auditing.failAudit(input.scope, failureOf(thrown));
    throw thrown;
  }
}

async function takePages(input: AuditIndexInput): Promise<void> {
  const { scope, pagesPerRun = 1_000 } = input;
  let place = input.reached ?? (await begin(scope));
  if (place.step === 'done') return;
  for (let pages = 0; place.step !== 'done'; pages += 1) {
    if (pages === pagesPerRun) await continueAsNew<typeof auditIndex>({ ...input, reached: place });
    place = await takePage(scope, place);
  }
  await auditing.finishAudit(scope);
  upsertSearchAttributes([{ key: searchAttributes.state, value: 'succeeded' }]);
}

async function begin(scope: ConsistencyScope): Promise<AuditPlace> {
  const { finished, buckets } = await auditing.beginAudit(scope);
  return finished ? { step: 'done' } : { step: 'objects', page: 0, cursor: null, buckets };
}

async function takePage(scope: ConsistencyScope, place: Exclude<AuditPlace, { step: 'done' }>): Promise<AuditPlace> {
  const page = place.page + 1;
  switch (place.step) {
    case 'objects': {
      const { next } = await auditing.auditObjects(scope, place.cursor, place.page);
      return next === null ? { step: 'documents', page: 0, buckets: place.buckets } : { ...place, page, cursor: next };
    }
    case 'documents':
      await auditing.auditDocuments(scope, place.page, place.buckets);
      return page < place.buckets ? { ...place, page } : { step: 'strangers', page: 0, offset: null };
    case 'strangers': {
      const { next } = await auditing.auditStrangers(scope, place.offset, place.page);
      return next === null ? { step: 'done' } : { ...place, page, offset: next };
    }
  }
}
