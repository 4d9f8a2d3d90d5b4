import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { ActivityContext } from '../../../../src/activities/activityContext.ts';
import { copyObjects } from '../../../../src/activities/backups/copyObjects.ts';
import type { BackupDependencies } from '../../../../src/activities/backups/dependencies.ts';
import { beginBackup } from '../../../../src/activities/backups/dumpRegistry.ts';
import { finishBackup } from '../../../../src/activities/backups/finishBackup.ts';
import { writeJson } from '../../../../src/backups/catalogue.ts';
import { indexKey, listKey, registryKey } from '../../../../src/backups/setKeys.ts';
import { createMemoryBucket } from '../../../support/memoryBucket.ts';

const context: ActivityContext = { signal: new AbortController().signal, attempt: 1, progress: () => undefined };
const [first, second] = ['20260101T011500Z-00000001', '20260102T011500Z-00000002'] as const;

/** Ends at a page, as a worker that is killed. */
function endingAt(page: number): ActivityContext {
  let pages = 0;
  return { ...context, progress: () => { if ((pages += 1) === page) throw new Error('the worker is gone'); } };
}

it('goes on behind the pages of the earlier set that are done, and finds all later ones', async () => {
  const [artifactBucket, bucket] = [createMemoryBucket(), createMemoryBucket()];
  const opened: string[] = [];
  const watched = { ...bucket, open: (key: string) => (opened.push(key), bucket.open(key)) };
  const own = { backups: { artifactBucket, bucket: watched, release: '1' }, emit: () => undefined } as unknown as BackupDependencies;
  for (let number = 0; number < 2_300; number += 1) await artifactBucket.store(`tenants/acme/chunks/${String(number).padStart(6, '0')}`, { body: Readable.from([Buffer.from(String(number))]), mediaType: 'text/plain' });
  await beginBackup(own, first, 'tester');
  expect(await copyObjects(own, first, context)).toEqual({ finished: true, objects: 2_300 });
  await writeJson(bucket, registryKey(first), { snapshotAt: '2026-01-01T01:15:00.000Z', server: '', migrations: [], tables: [], sequences: {} });
  await writeJson(bucket, indexKey(first), { alias: 'a', generation: null, contract: null, points: 0, snapshot: null, note: '' });
  await finishBackup(own, first);

  await beginBackup(own, second, 'tester');
  await expect(copyObjects(own, second, endingAt(3))).rejects.toThrow('the worker is gone');
  opened.length = 0;
  expect(await copyObjects(own, second, context)).toEqual({ finished: true, objects: 800 });
  expect(opened.filter((key) => key.startsWith(`sets/${first}/objects/`))).toEqual([listKey(first, 4), listKey(first, 5)]);
  // Nothing was taken for new.
  expect([...bucket.objects.keys()].filter((key) => key.startsWith('objects/'))).toHaveLength(2_300);
  const copied = [1, 2, 3, 4, 5].map((page) => (JSON.parse(String(bucket.objects.get(`${listKey(second, page)}.json`))) as { copied: number }).copied);
  expect(copied).toEqual([0, 0, 0, 0, 0]);
});
