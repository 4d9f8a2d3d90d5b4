import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3ArtifactStore } from '../../../src/adapters/s3/s3ArtifactStore.ts';
import { createS3Client } from '../../../src/adapters/s3/s3Client.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { digestOf } from '../../../src/contracts/identifiers.ts';
import type { ArtifactStore } from '../../../src/ports/artifactStore.ts';
import type { HealthCheck } from '../../../src/ports/healthCheck.ts';
import { startObjectStore, type ObjectStore } from './objectStore.ts';

let server: ObjectStore;
let store: ArtifactStore & HealthCheck;
let client: S3Client;
let bucket: string;
beforeAll(async () => {
  server = await startObjectStore();
  ({ bucket } = server.settings);
  client = createS3Client(server.settings);
  store = createS3ArtifactStore(server.settings);
  await expect(store.check(AbortSignal.timeout(5_000)), 'before the bucket is made').rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE', message: expect.stringContaining(`no bucket "${bucket}"`) as string });
  await Promise.all([store.prepare(), createS3ArtifactStore(server.settings).prepare()]);
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const text = (value: string): { bytes: Uint8Array; mediaType: string } => ({ bytes: Buffer.from(value), mediaType: 'text/plain' });
const keysBelow = async (prefix: string): Promise<string[]> => ((await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))).Contents ?? []).map((object) => object.Key!);

describe('packed artifacts', () => {
  test('one object for all entries, each read back by its own reference in any order', async () => {
    const entries = [text('first'), { bytes: new Uint8Array(0), mediaType: 'text/plain' }, { bytes: Uint8Array.of(0, 255, 7), mediaType: 'application/x-vectors' }, text('last')];
    const references = await store.putAll('packer', 'chunks', entries);
    expect(await keysBelow('tenants/packer/')).toHaveLength(1);
    expect(references.map(({ uri, offset, length, mediaType, digest }) => ({ uri, offset, length, mediaType, digest }))).toEqual(
      [0, 5, 5, 8].map((offset, index) => ({ uri: references[0]!.uri, offset, length: entries[index]!.bytes.byteLength, mediaType: entries[index]!.mediaType, digest: digestOf(entries[index]!.bytes) })),
    );
    const order = [3, 0, 2, 1, 0];
    const read = await store.getAll('packer', order.map((index) => references[index]!));
    expect(read.map((bytes) => Buffer.from(bytes))).toEqual(order.map((index) => Buffer.from(entries[index]!.bytes)));
  });

  test('the key is made of tenant, kind and the digest of the object', async () => {
    const [reference] = await store.putAll('keys', 'raw', [text('content')]);
    const hex = digestOf('content').slice('sha256:'.length);
    expect(reference?.uri).toBe(`s3://${bucket}/tenants/keys/raw/${hex.slice(0, 2)}/${hex}`);
    expect(await store.describe('keys', reference!.uri)).toEqual({ bytes: 7, mediaType: 'text/plain' });
  });

  test('the same content is not written again', async () => {
    const [first] = await store.putAll('again', 'raw', [text('same')]);
    const key = first!.uri.slice(`s3://${bucket}/`.length);
    const before = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const [second] = await store.putAll('again', 'raw', [{ ...text('same'), mediaType: 'text/other' }]);
    const after = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(second?.uri).toBe(first?.uri);
    expect(after.ContentType).toBe('text/plain');
    expect(after.LastModified).toEqual(before.LastModified);
    await Promise.all([before.Body?.transformToByteArray(), after.Body?.transformToByteArray()]);
  });

  test('many writers of the same content at once all succeed', async () => {
    const references = await Promise.all(Array.from({ length: 12 }, () => store.putAll('crowd', 'text', [text('shared content')])));
    expect(new Set(references.map(([reference]) => reference?.uri)).size).toBe(1);
    expect(Buffer.from((await store.getAll('crowd', references[0]!))[0]!).toString()).toBe('shared content');
  });

  test('nothing to put and nothing to get are no requests and no errors', async () => {
    expect(await store.putAll('packer', 'raw', [])).toEqual([]);
    expect(await store.getAll('packer', [])).toEqual([]);
  });

  test('hundreds of artifacts in several objects, far apart and neighbours', async () => {
    const objects = await Promise.all([0, 1, 2].map((object) => store.putAll('many', 'vectors', Array.from({ length: 100 }, (_unused, index) => ({ bytes: Buffer.alloc(3_000, `${object}/${index} `), mediaType: 'application/octet-stream' })))));
    const references = objects.flat().filter((_reference, index) => index % 40 < 3 || index % 7 === 0).reverse();
    const read = await store.getAll('many', references);
    expect(read.map((bytes) => digestOf(bytes))).toEqual(references.map(({ digest }) => digest));
  });
});

describe('what is not there, or not the tenant’s', () => {
  const reference = (uri: string): ArtifactReference => ({ uri, offset: 0, length: 3, digest: digestOf('abc'), mediaType: 'text/plain' });
  const notFound = { code: 'ARTIFACT_NOT_FOUND' };

  test('a missing object', async () => {
    const uri = `s3://${bucket}/tenants/one/raw/ab/${'0'.repeat(64)}`;
    await expect(store.getAll('one', [reference(uri)])).rejects.toMatchObject(notFound);
    await expect(store.describe('one', uri)).rejects.toMatchObject(notFound);
    await expect(store.getObject('one', uri, 10)).rejects.toMatchObject(notFound);
    await expect(store.deleteObjects('one', [uri])).resolves.toBeUndefined();
  });

  test.each<[string, (own: string, other: string) => string]>([
    ['another tenant', (_own, other) => other],
    ['another tenant whose name begins the same', (own) => own.replace('/tenants/one/', '/tenants/one-more/')],
    ['a way up', (own, other) => own.replace(/raw\/.*/, '../') + other.slice(other.indexOf('/two/') + 1)],
    ['an encoded way up', (own, other) => own.replace(/raw\/.*/, '%2e%2e/') + other.slice(other.indexOf('/two/') + 1)],
    ['a doubly encoded way up', (own, other) => own.replace(/raw\/.*/, '%252E%252e%252f') + other.slice(other.indexOf('/two/') + 1)],
    ['a backslash', (own) => own.replace(/raw\//, 'raw\\..\\')],
    ['an empty segment', (own) => own.replace('/raw/', '//raw/')],
    ['the folder alone', () => `s3://${bucket}/tenants/one/`],
    ['another bucket', (own) => own.replace(bucket, 'other-bucket')],
    ['a bucket whose name begins the same', (own) => own.replace(bucket, `${bucket}x`)],
    ['a null character', (own) => `${own}\u0000`],
    ['no S3 address', () => 'file:///etc/passwd'],
  ])('%s', async (_name, make) => {
    const [[own], [other]] = await Promise.all([store.putAll('one', 'raw', [text('abc')]), store.putAll('two', 'raw', [text('abc')])]);
    const uri = make(own!.uri, other!.uri);
    await expect(store.getAll('one', [own!, reference(uri)])).rejects.toMatchObject(notFound);
    await expect(store.describe('one', uri)).rejects.toMatchObject(notFound);
    await expect(store.getObject('one', uri, 1_000)).rejects.toMatchObject(notFound);
    await expect(store.deleteObjects('one', [uri])).rejects.toMatchObject(notFound);
    expect(await store.getAll('two', [other!]), 'the other tenant still has its own').toHaveLength(1);
  });
});

describe('damage', () => {
  test('changed bytes, a wrong length and a shortened object are ARTIFACT_CORRUPT', async () => {
    const [reference] = await store.putAll('damaged', 'raw', [text('the original bytes')]);
    const key = reference!.uri.slice(`s3://${bucket}/`.length);
    await expect(store.getAll('damaged', [{ ...reference!, length: 3 }])).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'the 0riginal bytes' }));
    await expect(store.getAll('damaged', [reference!])).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT', message: expect.stringContaining(reference!.uri) as string });
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'the orig' }));
    await expect(store.getAll('damaged', [reference!])).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    await expect(store.getAll('damaged', [{ ...reference!, offset: 500 }])).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });
});

describe('streams', () => {
  test.each([0, 10, 20 * 1024 * 1024 + 7])('%d bytes come back as they went in', async (size) => {
    const content = randomBytes(size);
    const parts = Array.from({ length: Math.ceil(size / 100_000) }, (_unused, index) => content.subarray(index * 100_000, (index + 1) * 100_000));
    const reference = await store.putStream('streams', `upload-${size}`, Readable.from(parts, { objectMode: false }), 'application/pdf', 50_000_000);
    expect(reference).toEqual({ uri: `s3://${bucket}/tenants/streams/uploads/upload-${size}`, offset: 0, length: size, digest: digestOf(content), mediaType: 'application/pdf' });
    expect(digestOf((await store.getAll('streams', [reference]))[0]!)).toBe(reference.digest);
    expect(digestOf(await store.getObject('streams', reference.uri, size))).toBe(reference.digest);
    expect(await store.describe('streams', reference.uri)).toEqual({ bytes: size, mediaType: 'application/pdf' });
  });

  test('memory does not grow with the size', async () => {
    const megabyte = Buffer.alloc(1 << 20, 'x');
    let highest = 0;
    function* body(): Generator<Buffer> {
      for (let sent = 0; sent < 300; sent += 1) {
        highest = Math.max(highest, process.memoryUsage().arrayBuffers);
        yield megabyte;
      }
    }
    const before = process.memoryUsage().arrayBuffers;
    const reference = await store.putStream('streams', 'large', Readable.from(body()), 'text/plain', 1 << 30);
    expect(reference.length).toBe(300 << 20);
    expect(highest - before).toBeLessThan(120 << 20);
    await expect(store.getObject('streams', reference.uri, 1_000)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  }, 60_000);

  test.each([5, 20 << 20])('more than the limit of %d bytes is DOCUMENT_TOO_LARGE, and nothing is left', async (limit) => {
    const body = Readable.from(Array<Buffer>(limit < 100 ? 2 : 24).fill(Buffer.alloc(limit < 100 ? 4 : 1 << 20)));
    await expect(store.putStream('limits', 'big', body, 'text/plain', limit)).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
    await expectNothingLeft('tenants/limits/');
  });

  test('a body that breaks off is CANCELLED, and nothing is left', async () => {
    function* broken(): Generator<Buffer> {
      for (let part = 0; part < 12; part += 1) yield Buffer.alloc(1 << 20);
      throw new Error('connection lost');
    }
    await expect(store.putStream('broken', 'name', Readable.from(broken()), 'text/plain', 1 << 30)).rejects.toMatchObject({ code: 'CANCELLED' });
    await expectNothingLeft('tenants/broken/');
  });

  test.each(['../../two/uploads/x', 'a//b', '', '%2e%2e/x'])('the name %j is refused', async (name) => {
    await expect(store.putStream('one', name, Readable.from(['x']), 'text/plain', 10)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  async function expectNothingLeft(prefix: string): Promise<void> {
    expect(await keysBelow(prefix)).toEqual([]);
    const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect((uploads.Uploads ?? []).filter((upload) => upload.Key?.startsWith(prefix))).toEqual([]);
  }
});

test('deleted objects are gone, and deleting again is no error', async () => {
  const references = await Promise.all(['a', 'b', 'c'].map(async (value) => (await store.putAll('gone', 'raw', [text(value)]))[0]!));
  await store.deleteObjects('gone', [references[0]!.uri, references[1]!.uri, references[1]!.uri]);
  await store.deleteObjects('gone', [references[0]!.uri]);
  await expect(store.getAll('gone', [references[0]!])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  expect(await keysBelow('tenants/gone/')).toHaveLength(1);
});

describe('outages', () => {
  test('the health check tells bucket and place, and gives up with its signal', async () => {
    expect(await store.check(AbortSignal.timeout(5_000))).toContain(bucket);
    await expect(store.check(AbortSignal.abort())).rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE' });
  });

  test('a wrong key says that it is the credentials', async () => {
    const stranger = createS3ArtifactStore({ ...server.settings, accessKeyId: 'nobody', secretAccessKey: 'nothing' });
    const failure = { code: 'ARTIFACT_STORE_UNAVAILABLE', message: expect.stringMatching(/refuses the credentials.*S3_ACCESS_KEY_ID/) as string };
    await expect(stranger.putAll('one', 'raw', [text('x')])).rejects.toMatchObject(failure);
    const [known] = await store.putAll('one', 'raw', [text('x')]);
    await expect(stranger.getAll('one', [known!])).rejects.toMatchObject(failure);
    await expect(stranger.describe('one', known!.uri)).rejects.toMatchObject(failure);
    await expect(stranger.deleteObjects('one', [known!.uri])).rejects.toMatchObject(failure);
    await expect(stranger.check(AbortSignal.timeout(5_000))).rejects.toMatchObject(failure);
    await expect(stranger.prepare()).rejects.toMatchObject(failure);
  });

  test('no server, and a server without the bucket, are ARTIFACT_STORE_UNAVAILABLE and never an empty result', async () => {
    const nowhere = createS3ArtifactStore({ ...server.settings, endpoint: 'http://127.0.0.1:25098' });
    const reference = { uri: `s3://${bucket}/tenants/one/raw/ab/cd`, offset: 0, length: 3, digest: digestOf('abc'), mediaType: 'text/plain' };
    const unreachable = { code: 'ARTIFACT_STORE_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') as string };
    await expect(nowhere.getAll('one', [reference])).rejects.toMatchObject(unreachable);
    await expect(nowhere.putAll('one', 'raw', [text('x')])).rejects.toMatchObject(unreachable);
    await expect(nowhere.putStream('one', 'x', Readable.from(['x']), 'text/plain', 10)).rejects.toMatchObject(unreachable);
    await expect(nowhere.deleteObjects('one', [reference.uri])).rejects.toMatchObject(unreachable);
    const bucketless = createS3ArtifactStore({ ...server.settings, bucket: 'no-such-bucket' });
    await expect(bucketless.putAll('one', 'raw', [text('x')])).rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE', message: expect.stringContaining('S3_BUCKET') as string });
  });
});
