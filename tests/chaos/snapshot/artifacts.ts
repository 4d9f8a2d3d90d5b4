import { createHash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import type { RegistryReader } from './registryReader.ts';
import type { Findings, Leftovers } from './snapshot.ts';

export interface ArtifactFindings extends Findings {
  readonly leftovers: Leftovers;
}

interface Named {
  readonly name: string;
  readonly reference: ArtifactReference;
}

type Manifest = Readonly<Record<'raw' | 'text' | 'chunks' | 'vectors', ArtifactReference>>;
const manifestKinds = ['raw', 'text', 'chunks', 'vectors'] as const;

const concurrentReads = 8;

/** Every artifact that a record or a manifest names: that its bytes are there and are those of its digest. */
export async function inspectArtifacts(environment: Readonly<Record<string, string>>, reader: RegistryReader): Promise<ArtifactFindings> {
  const bucket = environment['S3_BUCKET'] ?? '';
  const client = new S3Client({
    endpoint: environment['S3_ENDPOINT'] ?? '',
    region: environment['S3_REGION'] ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: environment['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: environment['S3_SECRET_ACCESS_KEY'] ?? '' },
  });
  try {
    const manifests = await readManifests(client, reader);
    const contents = manifests.flatMap(({ documentId, manifest }) => manifestKinds.map((kind): Named => ({ name: `${kind} of ${documentId}`, reference: manifest[kind] })));
    const outputs = await readReferences(reader, `select 'output ' || key as name, reference from stage_outputs`);
    const kept = outputs.filter(({ reference }) => reference.uri.includes('/part/'));
    const finished = outputs.filter((output) => !kept.includes(output));
    const others = [
      ...manifests.map(({ documentId, reference }) => ({ name: `manifest of ${documentId}`, reference })),
      ...(await readReferences(reader, `select 'upload ' || id as name, reference from uploads`)),
      ...(await readReferences(reader, `select 'bytes of document ' || document_id as name, specification->'origin'->'reference' as reference from job_documents where specification->'origin'->'reference' is not null`)),
    ];
    const named = [...contents, ...outputs, ...others];
    const violations = await verify(client, named);
    const stored = await listKeys(client, bucket);
    const reachable = new Set(named.map(({ reference }) => keyOf(reference.uri)));
    return {
      facts: new Map([...contents, ...finished].map(({ name, reference }) => [name, reference.digest])),
      violations,
      leftovers: { objects: countKinds(stored.filter((key) => !reachable.has(key))), keptParts: kept.length },
    };
  } finally {
    client.destroy();
  }
}

async function readManifests(client: S3Client, reader: RegistryReader): Promise<{ readonly documentId: string; readonly reference: ArtifactReference; readonly manifest: Manifest }[]> {
  const rows = await reader.read<{ document_id: string; manifest: ArtifactReference }>('select document_id, manifest from versions where replaced_at is null');
  const objects = new Map<string, Promise<Uint8Array | undefined>>();
  return Promise.all(
    rows.map(async ({ document_id: documentId, manifest: reference }) => {
      const reading = objects.get(reference.uri) ?? readObject(client, reference.uri);
      objects.set(reference.uri, reading);
      const bytes = await reading;
      if (bytes === undefined) throw new Error(`The manifest of ${documentId} is missing: ${reference.uri}`);
      return { documentId, reference, manifest: JSON.parse(Buffer.from(bytes).subarray(reference.offset, reference.offset + reference.length).toString()) as Manifest };
    }),
  );
}

async function readReferences(reader: RegistryReader, statement: string): Promise<Named[]> {
  return reader.read<Named>(statement);
}

/** Reads each object once and compares the digest of every part of it that is named. */
async function verify(client: S3Client, named: readonly Named[]): Promise<string[]> {
  const violations: string[] = [];
  const objects = Map.groupBy(named, ({ reference }) => reference.uri).entries();
  const work = async (): Promise<void> => {
    for (const [uri, parts] of objects) {
      const bytes = await readObject(client, uri);
      for (const { name, reference } of parts) {
        const part = bytes?.subarray(reference.offset, reference.offset + reference.length);
        if (part === undefined) violations.push(`${name} is missing: ${uri}`);
        else if (`sha256:${createHash('sha256').update(part).digest('hex')}` !== reference.digest) violations.push(`${name} does not have its digest: ${uri}`);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrentReads }, work));
  return violations;
}

async function readObject(client: S3Client, uri: string): Promise<Uint8Array | undefined> {
  const { hostname, pathname } = new URL(uri);
  try {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: hostname, Key: pathname.slice(1) }));
    return await body?.transformToByteArray();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function listKeys(client: S3Client, bucket: string): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ...(token === undefined ? {} : { ContinuationToken: token }) }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key: key }) => (key === undefined ? [] : [key])));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}

/** Keys are tenants/TENANT/KIND/… */
function countKinds(keys: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(keys, (key) => key.split('/')[2] ?? key)].map(([kind, same]) => [kind, same.length]));
}

const keyOf = (uri: string): string => new URL(uri).pathname.slice(1);
