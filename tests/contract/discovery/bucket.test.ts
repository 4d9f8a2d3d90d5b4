import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBucketDiscovery, type BucketDiscoveryOptions } from '../../../src/adapters/discovery/bucket/bucketDiscovery.ts';
import { createS3Client } from '../../../src/adapters/s3/s3Client.ts';
import { createS3ImportBuckets } from '../../../src/adapters/s3/s3ImportBuckets.ts';
import type { ObjectSource } from '../../../src/adapters/shared/objectSource.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { bucketDefinitionSchema } from '../../../src/contracts/sources.ts';
import { startObjectStore, type ObjectStore } from '../artifacts/objectStore.ts';
import { ByteStore, runDiscovery, storedBy, type RunOptions, type RunResult } from './discoveryRun.ts';

let store: ObjectStore;
let client: S3Client;
let buckets: ObjectSource;
let reads: string[];
const bucket = `import-${Date.now()}`;

beforeAll(async () => {
  store = await startObjectStore();
  client = createS3Client(store.settings);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const real = createS3ImportBuckets({ ...store.settings, artifactBucket: store.settings.bucket });
  buckets = {
    ...real,
    read(name, key, ...rest) {
      reads.push(key);
      return real.read(name, key, ...rest);
    },
  };
  const put = (key: string, body: string, type = 'text/plain'): Promise<unknown> => client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type }));
  for (let index = 0; index < 25; index += 1) await put(`many/${String(index).padStart(2, '0')}.txt`, `text ${index}`);
  await put('docs/a report (1) \u00fc%20.md', '# Report', 'text/markdown');
  await put('docs/draft/b.md', '# Draft', 'text/markdown');
  await put('docs/empty.md', '');
  await put('docs/huge.md', 'x'.repeat(5_000));
  await put('docs/folder/', '', 'application/x-directory');
}, 300_000);
afterAll(async () => {
  client.destroy();
  await buckets.close();
  await store.stop();
});

function run(definition: object, options: Partial<RunOptions & BucketDiscoveryOptions> = {}): Promise<RunResult> {
  reads = [];
  const discovery = createBucketDiscovery({ buckets, isOpen: (tenant, name) => tenant === 'acme' && name !== 'closed', maximumBytes: 4_000, retryPolicy: { tries: 3, waitsMs: [10], longestWaitMs: 1_000 }, ...options });
  return runDiscovery({ discovery, definition: bucketDefinitionSchema.parse({ type: 'bucket', bucket, ...definition }), ...options });
}
const keysOf = (result: RunResult): string[] => [...result.documents.keys()].map((key) => key.replace(`bucket:${bucket}/`, ''));
const unreadableOf = (result: RunResult): string[][] => [...result.unreadable.values()].map(({ source, failure }) => [source.location.replace(`${bucket}/`, ''), failure.code]);

test('objects below the prefix become documents with their bytes; what cannot be one is told', async () => {
  const bytes = new ByteStore();
  const result = await run({ prefix: 'docs/' }, { bytes });
  expect(keysOf(result)).toEqual(['docs/a report (1) \u00fc%20.md', 'docs/draft/b.md']);
  const [document] = [...result.documents.values()];
  expect(document).toMatchObject({
    source: { type: 'bucket', location: `${bucket}/docs/a report (1) \u00fc%20.md` },
    origin: { type: 'stored', mediaType: 'text/markdown', fileName: 'a report (1) \u00fc%20.md', fetched: { finalUrl: `s3://${bucket}/docs/a report (1) \u00fc%20.md`, etag: expect.any(String) as string, lastModified: expect.stringContaining('GMT') as string } },
    bytes: 8,
  });
  expect(document?.origin.type === 'stored' && Buffer.from(await bytes.load(document.origin.reference)).toString()).toBe('# Report');
  expect(unreadableOf(result)).toEqual([['docs/empty.md', 'EMPTY_DOCUMENT'], ['docs/huge.md', 'DOCUMENT_TOO_LARGE']]);
  expect(reads, 'what is too large is not read').not.toContain('docs/huge.md');
});

test('patterns on the key', async () => {
  expect(keysOf(await run({ include: ['docs/**/*.md'], exclude: ['docs/draft/**', 'docs/huge*', 'docs/empty*'] }))).toEqual(['docs/a report (1) \u00fc%20.md']);
});

test('in steps, also when they are cut off; each object is read once in an undisturbed run', async () => {
  const calm = await run({ prefix: 'many/' }, { objectsInStep: 4 });
  expect([calm.documents.size, reads.length, new Set(reads).size]).toEqual([25, 25, 25]);
  const rough = await run({ prefix: 'many/' }, { objectsInStep: 4, crash: (step) => (step % 2 === 0 ? 'before it was recorded' : undefined) });
  expect(keysOf(rough)).toEqual(keysOf(calm));
  const slow = await run({ prefix: 'many/' }, { objectsInStep: 10, stepMs: 0, objectsAtOnce: 3 });
  expect([keysOf(slow), slow.steps > 8]).toEqual([keysOf(calm), true]);
});

test('the limit is exact, and told only where there is more', async () => {
  const cut = await run({ prefix: 'many/', maximumDocuments: 10 }, { objectsInStep: 4 });
  expect([cut.documents.size, cut.gaps]).toEqual([10, ['The limit of 10 documents was reached: the bucket holds more.']]);
  const exact = await run({ prefix: 'many/', maximumDocuments: 25 }, { objectsInStep: 4 });
  expect([exact.documents.size, exact.gaps]).toEqual([25, []]);
});

test('a later run reads what has changed, and nothing else', async () => {
  const first = await run({ prefix: 'many/' });
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'many/03.txt', Body: 'changed!' }));
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'many/04.txt' }));
  const second = await run({ prefix: 'many/' }, { stored: storedBy(first) });
  expect(reads).toEqual(['many/03.txt']);
  expect(keysOf(second)).toEqual(keysOf(first).filter((key) => key !== 'many/04.txt'));
  const key = `bucket:${bucket}/many/05.txt`;
  expect(second.documents.get(key)).toEqual(first.documents.get(key));
});

test('an object that fails is tried again, then told; one that heals is a document; one that is gone is none', async () => {
  const failures = new Map([['many/00.txt', 2], ['many/01.txt', 99]]);
  const flaky: ObjectSource = {
    ...buckets,
    read(name, key, ...rest) {
      const left = failures.get(key) ?? 0;
      failures.set(key, left - 1);
      if (left > 0) return Promise.reject(new CatalystError('FETCH_FAILED', 'The store answers 500.'));
      return key === 'many/02.txt' ? Promise.resolve(undefined) : buckets.read(name, key, ...rest);
    },
  };
  const result = await run({ prefix: 'many/0' }, { buckets: flaky });
  expect(keysOf(result)).toEqual(['many/00.txt', 'many/03.txt', 'many/05.txt', 'many/06.txt', 'many/07.txt', 'many/08.txt', 'many/09.txt']);
  expect(unreadableOf(result)).toEqual([['many/01.txt', 'FETCH_FAILED']]);
});

test('buckets that are not open, not there, or our own, are all unknown', async () => {
  await expect(run({ bucket: 'closed' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(run({ bucket: 'no-such-bucket-anywhere' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(run({ bucket: store.settings.bucket }), 'even when someone opened it').rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('wrong credentials and a store that is away are failures, never an empty bucket', async () => {
  const stranger = createS3ImportBuckets({ ...store.settings, accessKeyId: 'nobody', artifactBucket: 'x' });
  await expect(run({}, { buckets: stranger })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
  const away = createS3ImportBuckets({ ...store.settings, endpoint: 'http://127.0.0.1:9', artifactBucket: 'x' });
  await expect(run({}, { buckets: away })).rejects.toMatchObject({ code: 'FETCH_UNREACHABLE' });
  await Promise.all([stranger.close(), away.close()]);
});
