import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countDeletions, readDeletions } from '../../../src/backups/deletionJournal.ts';
import { deletionPageIdOf, documentIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import { createMemoryBucket } from '../../support/memoryBucket.ts';
import { carryOut } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
beforeAll(async () => {
  shelf = await openShelf();
}, 600_000);
afterAll(() => shelf.close());

const longAgo = '2020-01-01T00:00:00.000Z';
const two = [{ key: 'id:a', text: 'alpha' }, { key: 'id:b', text: 'beta' }];

describe('the journal of deletions', () => {
  it.each([1, 2])('names ids and nothing else, for every way to ask, before the receipt is given; each step %d times', async (times) => {
    const tenant = `journaled-${times}`;
    const bucket = createMemoryBucket();
    await shelf.ingest(tenant, two);
    const before: number[] = [];
    const single = await carryOut(shelf, tenant, { documents: [documentIdOf(tenant, 'id:a')] }, { times, backups: { bucket }, after: (step) => Promise.resolve(void (step === 'records' && before.push(bucket.objects.size))) });
    const all = await carryOut(shelf, tenant, { everything: true }, { times, backups: { bucket } });
    expect(before).toEqual([0]);
    const { deletions, next } = await readDeletions(bucket, longAgo, undefined, 10);
    expect(next).toBeNull();
    expect(deletions.map(({ createdAt: _createdAt, ...rest }) => rest)).toEqual([
      { tenant, deletionId: single.deletionId, page: 0, documents: [documentIdOf(tenant, 'id:a')], endsTenant: false },
      { tenant, deletionId: all.deletionId, page: 0, documents: [documentIdOf(tenant, 'id:b')], endsTenant: false },
    ]);
    expect(Buffer.concat([...bucket.objects.values()]).toString()).not.toMatch(/alpha|beta|id:|Title/);
    expect(await countDeletions(bucket, longAgo)).toBe(2);
    expect(await countDeletions(bucket, new Date(Date.now() + 60_000).toISOString())).toBe(0);
  }, 60_000);

  it('keeps no receipt from being given where there are no backups', async () => {
    await shelf.ingest('without', two);
    expect((await carryOut(shelf, 'without', { everything: true })).receipt.before.documents).toBe(2);
  });

  it('keeps a deletion unfinished while it cannot be written', async () => {
    await shelf.ingest('away', two);
    const bucket = { ...createMemoryBucket(), store: () => Promise.reject(new Error('the bucket is away')) };
    let deletionId = '';
    await expect(carryOut(shelf, 'away', { everything: true }, { backups: { bucket }, after: (_step, id) => Promise.resolve(void (deletionId = id)) })).rejects.toThrow('the bucket is away');
    expect(await shelf.deletions.find('away', deletionId)).toMatchObject({ state: 'running', receipt: null });
    expect((await shelf.artifacts.listObjects('away', undefined, 10)).objects).toEqual([]);
  });
});

describe('a deletion that is accepted again', () => {
  const again = (tenant: string, id: string, documents: readonly string[]) => shelf.deletions.acceptAgain({ tenant, subject: 'operator' }, { id, workflowId: `deletion/${tenant}/${id}`, documents });

  it('is of the documents that are here, or may still come by a request, and is carried out', async () => {
    const tenant = 'restored';
    await shelf.ingest(tenant, two);
    await shelf.accept(tenant, [{ key: 'id:coming', text: 'coming' }]);
    await carryOut(shelf, tenant, { documents: [documentIdOf(tenant, 'id:b')] });
    const id = newIdentifier();
    expect(await again(tenant, id, ['id:a', 'id:b', 'id:coming', 'id:later'].map((key) => documentIdOf(tenant, key)))).toBe(2);
    expect(await shelf.deletions.find(tenant, id)).toMatchObject({ state: 'queued', reason: 'restore', subject: 'operator', request: { documents: [documentIdOf(tenant, 'id:a'), documentIdOf(tenant, 'id:coming')].sort() } });
    expect(await again(tenant, id, [documentIdOf(tenant, 'id:a')])).toBeUndefined();
    await shelf.deletions.begin(tenant, id);
    expect((await shelf.library.list(tenant, {}, undefined, 10)).documents).toEqual([]);
    // Further pages are deletions of their own, which nothing is accepted for where nothing is here.
    expect(await again(tenant, deletionPageIdOf(id, 1), [documentIdOf(tenant, 'id:a')])).toBe(0);
    expect(await shelf.deletions.find(tenant, deletionPageIdOf(id, 1))).toBeUndefined();
  });

  it('is left as it is where it is known, and is no other tenant’s', async () => {
    await shelf.ingest('known', two);
    const { deletionId } = await carryOut(shelf, 'known', { documents: [documentIdOf('known', 'id:a')] });
    expect(await again('known', deletionId, [documentIdOf('known', 'id:b')])).toBeUndefined();
    expect(await again('stranger', newIdentifier(), [documentIdOf('known', 'id:b')])).toBe(0);
  });
});
