import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3ArtifactStore } from '../../../src/adapters/s3/s3ArtifactStore.ts';
import { createS3Client } from '../../../src/adapters/s3/s3Client.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import type { ArtifactStore } from '../../../src/ports/artifactStore.ts';
import { startObjectStore, type ObjectStore } from './objectStore.ts';

let server: ObjectStore;
let client: S3Client;
beforeAll(async () => {
  server = await startObjectStore();
  client = createS3Client(server.settings);
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const text = (value: string) => ({ bytes: Buffer.from(value), mediaType: 'text/plain' });

describe.each([['a bucket without versions', false], ['a bucket with versions', true]])('%s', (_name, versioned) => {
  let store: ArtifactStore;
  let bucket: string;
  beforeAll(async () => {
    bucket = `${server.settings.bucket}-${versioned ? 'versioned' : 'plain'}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    if (versioned) await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    store = createS3ArtifactStore({ ...server.settings, bucket });
  });

  const keyOf = ({ uri }: Pick<ArtifactReference, 'uri'>): string => uri.slice(`s3://${bucket}/`.length);
  const readable = (tenant: string, reference: ArtifactReference) => store.getAll(tenant, [reference]).then(([bytes]) => Buffer.from(bytes!).toString(), (error: { code: string }) => error.code);
  /** The text of every version of all objects of the tenant, whatever a listing shows. */
  async function everythingKept(tenant: string): Promise<string[]> {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: `tenants/${tenant}/` }));
    expect(DeleteMarkers).toEqual([]);
    const bodies = Versions.map(async ({ Key, VersionId }) => (await client.send(new GetObjectCommand({ Bucket: bucket, Key, ...(versioned ? { VersionId } : {}) }))).Body!.transformToString());
    return Promise.all(bodies);
  }

  test('a range of a packed object is gone from every version, its neighbours stay where they are', async () => {
    const references = await store.putAll('one', 'text', [text('first secret'), text('second secret'), text('third secret')]);
    for (let time = 0; time < 2; time += 1) {
      expect(await store.erase('one', [references[1]!])).toEqual({ ranges: 1, bytes: 13 });
      expect(await Promise.all(references.map((reference) => readable('one', reference)))).toEqual(['first secret', 'ARTIFACT_NOT_FOUND', 'third secret']);
      const kept = await everythingKept('one');
      expect(kept).toHaveLength(1);
      expect(kept[0]).not.toContain('second');
    }
  });

  test('an object of nothing else is removed, at once or part by part, and large ones without being read', async () => {
    const [alone] = await store.putAll('two', 'raw', [text('alone')]);
    const parts = await store.putAll('two', 'text', [text('a part'), text(''), text('another')]);
    await store.erase('two', [alone!, parts[0]!, parts[1]!]);
    expect(await everythingKept('two')).toEqual([expect.stringContaining('another')]);
    await store.erase('two', [parts[2]!]);
    expect(await everythingKept('two')).toEqual([]);
    await store.erase('two', [alone!, ...parts]);
    expect((await store.listObjects('two', undefined, 10)).objects).toEqual([]);
  });

  test('many erasures of one object at once undo none of each other', async () => {
    const references = await store.putAll('three', 'chunks', Array.from({ length: 24 }, (_, number) => text(`passage number ${number} `)));
    await Promise.all(references.slice(0, 20).map((reference) => store.erase('three', [reference])));
    const found = await Promise.all(references.map((reference) => readable('three', reference)));
    expect(found).toEqual(references.map((_, number) => (number < 20 ? 'ARTIFACT_NOT_FOUND' : `passage number ${number} `)));
    const kept = await everythingKept('three');
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toMatch(/passage number 1?\d /);
  }, 60_000);

  test('the same pack stored again is whole again', async () => {
    const entries = [text('kept'), text('erased once')];
    const references = await store.putAll('four', 'text', entries);
    await store.erase('four', [references[1]!]);
    const again = await Promise.all([store.putAll('four', 'text', entries), store.putAll('four', 'text', entries)]);
    expect(again).toEqual([references, references]);
    expect(await Promise.all(references.map((reference) => readable('four', reference)))).toEqual(['kept', 'erased once']);
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: keyOf(references[0]!) }));
    expect(head.Metadata ?? {}).toEqual({});
    await store.erase('four', references);
    await store.putAll('four', 'text', entries);
    expect(await readable('four', references[1]!)).toBe('erased once');
  });

  test('a crash between overwriting and removing the older versions is made up for', async () => {
    const references = await store.putAll('five', 'text', [text('stays'), text('goes')]);
    const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(references[0]!) }));
    const bytes = Buffer.from(await object.Body!.transformToByteArray());
    await store.erase('five', [references[1]!]);
    // As it was before the older version went: the content, and above it the erased one.
    const erased = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(references[0]!) }));
    const overwritten = { Body: Buffer.from(await erased.Body!.transformToByteArray()), Metadata: erased.Metadata };
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(references[0]!), Body: bytes }));
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(references[0]!), ...overwritten }));
    await store.erase('five', [references[1]!]);
    const kept = await everythingKept('five');
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toContain('goes');
  });

  test('another tenant’s object is not erased', async () => {
    const [foreign] = await store.putAll('six', 'raw', [text('foreign')]);
    await expect(store.erase('seven', [foreign!])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await readable('six', foreign!)).toBe('foreign');
  });

  test('objects removed by name leave no version; one whose name begins the same stays', async () => {
    const [long] = await store.putAll('eight', 'raw', [text('x')]);
    const short = { ...long!, uri: long!.uri.slice(0, -2) };
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(short), Body: 'first' }));
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(short), Body: 'second' }));
    await store.deleteObjects('eight', [short.uri]);
    expect(await everythingKept('eight')).toEqual(['x']);
  });
});

describe('listing and streaming', () => {
  let store: ArtifactStore;
  beforeAll(async () => {
    store = createS3ArtifactStore(server.settings);
    await store.prepare();
  });

  test('lists all objects of the tenant in pages, also where objects of a page are removed meanwhile', async () => {
    const references = (await Promise.all(Array.from({ length: 7 }, (_, number) => store.putAll('lister', number % 2 === 0 ? 'raw' : 'text', [text(`object ${number}`)])))).flat();
    await store.putAll('lister-2', 'raw', [text('foreign')]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listObjects('lister', cursor, 3);
      expect(page.objects.length).toBeLessThanOrEqual(3);
      for (const object of page.objects) {
        expect(object.bytes).toBe(8);
        expect(Math.abs(Date.now() - object.storedAt.getTime())).toBeLessThan(60_000);
        seen.push(object.uri);
      }
      await store.deleteObjects('lister', page.objects.map(({ uri }) => uri));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(references.map(({ uri }) => uri).sort());
    expect(await store.listObjects('nobody', undefined, 3)).toEqual({ objects: [], next: undefined });
  });

  test('streams an artifact out of a pack, and an empty one', async () => {
    const large = randomBytes(3_000_000);
    const [before, wanted, empty] = await store.putAll('streamer', 'raw', [text('before'), { bytes: large, mediaType: 'application/pdf' }, text('')]);
    expect(before).toBeDefined();
    expect(await buffer(await store.openStream('streamer', wanted!))).toEqual(large);
    expect(await buffer(await store.openStream('streamer', empty!))).toHaveLength(0);
  });

  test('a stream of other bytes than were stored breaks, a missing one does not begin', async () => {
    const [reference] = await store.putAll('streamer', 'raw', [text('the original')]);
    await client.send(new PutObjectCommand({ Bucket: server.settings.bucket, Key: reference!.uri.slice(`s3://${server.settings.bucket}/`.length), Body: 'the 0riginal' }));
    await expect(buffer(await store.openStream('streamer', reference!))).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    await expect(store.openStream('streamer', { ...reference!, uri: `${reference!.uri}0` })).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    await expect(store.openStream('other', reference!)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });

  test('a reader that goes away ends the stream', async () => {
    const [reference] = await store.putAll('streamer', 'raw', [{ bytes: randomBytes(5_000_000), mediaType: 'application/pdf' }]);
    const stream = await store.openStream('streamer', reference!);
    stream.once('data', () => stream.destroy());
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.destroyed).toBe(true);
  });
});
