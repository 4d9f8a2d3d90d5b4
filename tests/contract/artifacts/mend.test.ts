import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3ArtifactStore } from '../../../src/adapters/s3/s3ArtifactStore.ts';
import { createS3Client } from '../../../src/adapters/s3/s3Client.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import type { ArtifactStore } from '../../../src/ports/artifactStore.ts';
import { startObjectStore, type ObjectStore } from './objectStore.ts';

let server: ObjectStore;
let client: S3Client;
let store: ArtifactStore;
beforeAll(async () => {
  server = await startObjectStore();
  client = createS3Client(server.settings);
  store = createS3ArtifactStore(server.settings);
  await store.prepare();
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const entry = (value: string) => ({ bytes: Buffer.from(value), mediaType: 'text/plain' });
const keyOf = ({ uri }: ArtifactReference): string => uri.slice(`s3://${server.settings.bucket}/`.length);
const readable = (tenant: string, reference: ArtifactReference) => store.getAll(tenant, [reference]).then(([bytes]) => Buffer.from(bytes!).toString(), (error: { code: string }) => error.code);
const object = async (reference: ArtifactReference) => {
  const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket: server.settings.bucket, Key: keyOf(reference) }));
  return { text: await Body!.transformToString(), metadata: Metadata };
};
const overwrite = (reference: ArtifactReference, text: string) => client.send(new PutObjectCommand({ Bucket: server.settings.bucket, Key: keyOf(reference), Body: text }));

describe('mending artifacts', () => {
  test('puts a part back among its neighbours, as it was', async () => {
    const references = await store.putAll('one', 'text', [entry('first'), entry('second'), entry('third')]);
    const before = await object(references[0]!);
    await overwrite(references[1]!, 'firstsecXndthird');
    expect(await Promise.all(references.map((reference) => readable('one', reference)))).toEqual(['first', 'ARTIFACT_CORRUPT', 'third']);
    await store.mend('one', [{ reference: references[1]!, bytes: Buffer.from('second') }]);
    expect(await object(references[0]!)).toEqual(before);
  });

  test('makes an object that is gone again: as it was from all parts, and with the rest erased from some', async () => {
    const texts = ['first', 'second', 'third'];
    const references = await store.putAll('two', 'text', texts.map(entry));
    const before = await object(references[0]!);
    await store.deleteObjects('two', [references[0]!.uri]);
    await store.mend('two', [{ reference: references[2]!, bytes: Buffer.from('third') }]);
    expect(await Promise.all(references.map((reference) => readable('two', reference)))).toEqual(['ARTIFACT_NOT_FOUND', 'ARTIFACT_NOT_FOUND', 'third']);
    expect((await object(references[0]!)).metadata).toMatchObject({ 'catalyst-erased': 'true' });
    await store.mend('two', references.map((reference, position) => ({ reference, bytes: Buffer.from(texts[position]!) })));
    expect(await object(references[0]!)).toEqual(before);
  });

  test('makes one again that ended with an erased part, at its length of before', async () => {
    const references = await store.putAll('tail', 'text', [entry('first'), entry('second')]);
    await store.erase('tail', [references[1]!]);
    const before = await object(references[0]!);
    await store.deleteObjects('tail', [references[0]!.uri]);
    await store.mend('tail', [{ reference: references[0]!, bytes: Buffer.from('first'), objectBytes: before.text.length }]);
    expect(await object(references[0]!)).toEqual(before);
  });

  test('lengthens one that was cut off', async () => {
    const references = await store.putAll('three', 'text', [entry('first'), entry('second')]);
    const before = await object(references[0]!);
    await overwrite(references[0]!, 'firstse');
    await store.mend('three', [{ reference: references[1]!, bytes: Buffer.from('second') }]);
    expect(await object(references[0]!)).toEqual(before);
  });

  test('by several at once loses nothing', async () => {
    const texts = Array.from({ length: 6 }, (_, number) => `part number ${number}`);
    const references = await store.putAll('four', 'text', texts.map(entry));
    const before = await object(references[0]!);
    await overwrite(references[0]!, '?'.repeat(before.text.length));
    await Promise.all(references.map((reference, position) => store.mend('four', [{ reference, bytes: Buffer.from(texts[position]!) }])));
    expect(await object(references[0]!)).toEqual(before);
  });

  test('leaves what is right as it is', async () => {
    const [reference] = await store.putAll('five', 'text', [entry('alone')]);
    const at = async () => (await client.send(new HeadObjectCommand({ Bucket: server.settings.bucket, Key: keyOf(reference!) }))).LastModified;
    const before = await at();
    await store.mend('five', [{ reference: reference!, bytes: Buffer.from('alone') }]);
    expect(await at()).toEqual(before);
  });

  test('keeps to the area of the tenant', async () => {
    const [reference] = await store.putAll('six', 'text', [entry('mine')]);
    await expect(store.mend('other', [{ reference: reference!, bytes: Buffer.from('mine') }])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });
});

test('objects are listed with a mark that changes with their bytes, and are known by their address', async () => {
  const [reference] = await store.putAll('seven', 'text', [entry('marked')]);
  const mark = async () => (await store.listObjects('seven', undefined, 10)).objects[0]?.mark;
  const before = await mark();
  expect(before).not.toBe('');
  await overwrite(reference!, 'Marked');
  expect(await mark()).not.toBe(before);
  const { bucket } = server.settings;
  expect([store.isOurs('seven', reference!.uri), store.isOurs('eight', reference!.uri), store.isOurs('seven', `s3://${bucket}/tenants/seven/mine.txt`), store.isOurs('seven', `s3://elsewhere/${keyOf(reference!)}`)]).toEqual([true, false, false, false]);
});
