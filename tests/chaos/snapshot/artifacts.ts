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

type Kind = 'raw' | 'text' | 'chunks' | 'vectors' | 'manifest';

interface VersionArtifact extends Named {
  readonly version: string;
  readonly kind: Kind;
  /** Of the version that is visible now. */
  readonly current: boolean;
}

const concurrentReads = 8;

/** Every artifact that a record or a manifest names: that its bytes are there and are those of its digest. */
export async function inspectArtifacts(environment: Readonly<Record<string, string>>, reader: RegistryReader): Promise<ArtifactFindings> {
  const client = new S3Client({
    endpoint: environment['S3_ENDPOINT'] ?? '',
    region: environment['S3_REGION'] ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: environment['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: environment['S3_SECRET_ACCESS_KEY'] ?? '' },
  });
  try {
    const ofVersions = await reader.read<VersionArtifact>(artifactsOfVersions);
    const outputs = await reader.read<Named>(`select 'output ' || key as name, reference from stage_outputs`);
    const kept = outputs.filter(({ reference }) => reference.uri.includes('/part/'));
    const requested = await reader.read<Named>(artifactsOfRequests);
    const named = [...ofVersions, ...outputs, ...requested];
    const violations = [...(await verify(client, named)), ...(await verifyManifests(client, ofVersions))];
    const stored = await listKeys(client, environment['S3_BUCKET'] ?? '');
    const reachable = new Set(named.map(({ reference }) => keyOf(reference.uri)));
    // Manifests name the version, which is of the run; kept parts have no place in the end.
    const comparable = [...ofVersions.filter(({ current, kind }) => current && kind !== 'manifest'), ...outputs.filter((output) => !kept.includes(output))];
    return {
      facts: new Map(comparable.map(({ name, reference }) => [name, reference.digest])),
      violations,
      leftovers: { objects: countKinds(stored.filter((key) => !reachable.has(key))), keptParts: kept.length },
    };
  } finally {
    client.destroy();
  }
}

const artifactsOfVersions = `
  select kind || ' of ' || document_id as name, version_id::text as version, kind, replaced_at is null as current,
    jsonb_build_object('uri', uri, 'offset', start, 'length', length, 'digest', version_artifacts.digest, 'mediaType', media_type) as reference
  from version_artifacts join versions using (tenant, document_id) where versions.id = version_id`;

const artifactsOfRequests = `
  select 'upload ' || id as name, reference from uploads
  union all
  select 'bytes of document ' || document_id, specification->'origin'->'reference' from job_documents where specification->'origin'->'reference' is not null`;

/** A manifest must name what the registry names: a version can be rebuilt from it alone. */
async function verifyManifests(client: S3Client, artifacts: readonly VersionArtifact[]): Promise<string[]> {
  const violations: string[] = [];
  const manifests = artifacts.filter(({ kind }) => kind === 'manifest');
  const others = Map.groupBy(artifacts.filter(({ kind }) => kind !== 'manifest'), ({ version }) => version);
  for (const [uri, packed] of Map.groupBy(manifests, ({ reference }) => reference.uri)) {
    const bytes = await readObject(client, uri);
    if (bytes === undefined) continue;
    for (const { name, version, reference } of packed) {
      const manifest = JSON.parse(Buffer.from(bytes).subarray(reference.offset, reference.offset + reference.length).toString()) as Partial<Record<Kind, ArtifactReference>>;
      const wrong = (others.get(version) ?? []).filter(({ kind, reference: registered }) => manifest[kind]?.digest !== registered.digest);
      if (wrong.length > 0 || others.get(version)?.length !== 4) violations.push(`${name} names other artifacts than the registry`);
    }
  }
  return violations;
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
