import { expect, it } from 'vitest';
import type { ActivityContext } from '../../../../src/activities/activityContext.ts';
import { journalDeletion } from '../../../../src/activities/deletion/journalDeletion.ts';
import { readDeletions } from '../../../../src/backups/deletionJournal.ts';
import type { DeletionRegistry } from '../../../../src/ports/deletionRegistry.ts';
import { createMemoryBucket } from '../../../support/memoryBucket.ts';

const context: ActivityContext = { signal: new AbortController().signal, attempt: 1, progress: () => undefined };
const scope = { tenant: 'acme', deletionId: '0190a000-0000-7000-8000-000000000001' };
const idOf = (number: number): string => `0190a000-0000-5000-8000-${String(number).padStart(12, '0')}`;
const longAgo = '2020-01-01T00:00:00.000Z';

/** Of one deletion, of so many documents. */
function registryOf(documents: number, more: { readonly endsTenant?: boolean; readonly state?: 'running' | 'finished' } = {}): DeletionRegistry {
  const all = Array.from({ length: documents }, (_, number) => ({ documentId: idOf(number), sequence: 1 }));
  return {
    find: () => Promise.resolve({ state: more.state ?? 'running', createdAt: '2026-01-04T01:15:00.123Z' }),
    endsTenant: () => Promise.resolve(more.endsTenant === true),
    listDoomed: (_tenant: string, _id: string, after: string | undefined, limit: number) => Promise.resolve(all.filter(({ documentId }) => after === undefined || documentId > after).slice(0, limit)),
  } as unknown as DeletionRegistry;
}

it('names very many documents page by page', async () => {
  const bucket = createMemoryBucket();
  await journalDeletion({ deletions: registryOf(1_001), backups: { bucket } }, scope, context);
  const { deletions } = await readDeletions(bucket, longAgo, undefined, 10);
  expect(deletions.map(({ page, documents }) => [page, documents.length])).toEqual([[0, 500], [1, 500], [2, 1]]);
  expect(new Set(deletions.flatMap(({ documents }) => documents)).size).toBe(1_001);
});

it('names a tenant that ends, and not what it had', async () => {
  const bucket = createMemoryBucket();
  await journalDeletion({ deletions: registryOf(3, { endsTenant: true }), backups: { bucket } }, scope, context);
  // Done again after the tenant was forgotten: what stands there stays.
  await journalDeletion({ deletions: registryOf(0, { state: 'finished' }), backups: { bucket } }, scope, context);
  expect((await readDeletions(bucket, longAgo, undefined, 10)).deletions).toEqual([{ ...scope, createdAt: '2026-01-04T01:15:00.123Z', page: 0, documents: [], endsTenant: true }]);
});
