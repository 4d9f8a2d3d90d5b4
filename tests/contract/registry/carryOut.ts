import { beginDeletion } from '../../../src/activities/deletion/beginDeletion.ts';
import type { NextPage } from '../../../src/activities/deletion/dependencies.ts';
import { finishDeletion } from '../../../src/activities/deletion/finishDeletion.ts';
import { hideDocuments } from '../../../src/activities/deletion/hideDocuments.ts';
import { removeArtifacts } from '../../../src/activities/deletion/removeArtifacts.ts';
import { removeRecords } from '../../../src/activities/deletion/removeRecords.ts';
import { removeVectors } from '../../../src/activities/deletion/removeVectors.ts';
import type { DeletionReceipt, DeletionRequest } from '../../../src/contracts/deletions.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { ObjectBucket } from '../../../src/ports/objectBucket.ts';
import type { Shelf } from './shelf.ts';

export const context = { signal: new AbortController().signal, progress: () => undefined, attempt: 1 };

export type DeletionStepName = 'begin' | 'hide' | 'vectors' | 'artifacts' | 'records' | 'finish';

export interface CarryOutOptions {
  /** Every call is made so often, as after a crash before its answer was kept. */
  readonly times?: number;
  /** Where the journal of deletions lies. */
  readonly backups?: { readonly bucket: ObjectBucket } | undefined;
  /** Called after a step is done. */
  readonly after?: (step: DeletionStepName, deletionId: string) => Promise<void>;
}

/** A deletion from its acceptance to its receipt, by the steps that its workflow takes. */
export async function carryOut(shelf: Shelf, tenant: string, request: DeletionRequest, { times = 1, backups, after }: CarryOutOptions = {}): Promise<{ receipt: DeletionReceipt; deletionId: string; events: DomainEvent[] }> {
  const deletionId = newIdentifier();
  const scope = { tenant, deletionId };
  const events: DomainEvent[] = [];
  const registeredSources = { list: () => Promise.resolve({ sources: [], next: null }) };
  const schedules = { remove: () => Promise.resolve() };
  // Points in generations that do not serve: tests/e2e/indexLifecycle.test.ts.
  const generations = { list: () => Promise.resolve([]) };
  const generationIndex = { contractOf: () => Promise.resolve(undefined), removeDocuments: () => Promise.resolve(), removeTenant: () => Promise.resolve(0) };
  const dependencies = { ...shelf, generations, generationIndex, registeredSources, schedules, backups, emit: (event: DomainEvent) => void events.push(event) };
  await shelf.deletions.accept({ tenant, subject: 'eraser' }, { id: deletionId, workflowId: `deletion/${tenant}/${deletionId}`, request, reason: 'request' });
  const repeat = async <Result>(step: () => Promise<Result>): Promise<Result> => {
    for (let time = 1; time < times; time += 1) await step();
    return step();
  };
  const pages = async (name: DeletionStepName, step: (cursor: string | null) => Promise<NextPage>): Promise<void> => {
    let cursor: string | null = null;
    do ({ next: cursor } = await repeat(() => step(cursor)));
    while (cursor !== null);
    await after?.(name, deletionId);
  };
  await repeat(() => beginDeletion(dependencies, scope, context));
  await after?.('begin', deletionId);
  await pages('hide', (cursor) => hideDocuments(dependencies, scope, cursor, context));
  await pages('vectors', (cursor) => removeVectors(dependencies, scope, cursor));
  await pages('artifacts', (cursor) => removeArtifacts(dependencies, scope, cursor, context));
  await pages('records', (cursor) => removeRecords(dependencies, scope, cursor));
  const receipt = await repeat(() => finishDeletion(dependencies, scope, context));
  await after?.('finish', deletionId);
  return { receipt, deletionId, events };
}
