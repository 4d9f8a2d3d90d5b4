import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { canonicalJson } from '../../../src/contracts/identifiers.ts';

export interface StoredPoint {
  readonly id: string;
  readonly vector: { readonly dense: readonly number[]; readonly sparse: { readonly indices: readonly number[]; readonly values: readonly number[] } };
  readonly payload: Readonly<Record<string, unknown>> & { readonly tenant: string; readonly document: string; readonly version: string; readonly sequence: number };
}

/** Index and artifact store past the product. */
export interface RawStores {
  points(): Promise<StoredPoint[]>;
  /** Applied in this order, durably. */
  changePoints(operations: readonly unknown[]): Promise<void>;
  /** Digests of all objects by their addresses. */
  objects(): Promise<Map<string, string>>;
  readObject(uri: string): Promise<Buffer>;
  writeObject(uri: string, bytes: Uint8Array): Promise<void>;
  deleteObject(uri: string): Promise<void>;
  /** Address of a key in the bucket. */
  uriOf(key: string): string;
  close(): void;
}

const keyOf = (uri: string): string => new URL(uri).pathname.slice(1);
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function openRawStores(environment: Readonly<Record<string, string>>): RawStores {
  const url = environment['QDRANT_URL'] ?? '';
  const alias = environment['CATALYST_INDEX_ALIAS'] ?? 'catalyst';
  const bucket = environment['S3_BUCKET'] ?? '';
  const client = new S3Client({
    endpoint: environment['S3_ENDPOINT'] ?? '',
    region: environment['S3_REGION'] ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: environment['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: environment['S3_SECRET_ACCESS_KEY'] ?? '' },
  });
  const ask = async <Result>(path: string, body: unknown): Promise<Result> => {
    const response = await fetch(`${url}/collections/${alias}/points/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { result: Result }).result;
  };
  const readObject = async (uri: string): Promise<Buffer> => {
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(uri) }));
    return Buffer.from((await body?.transformToByteArray()) ?? []);
  };
  return {
    async points() {
      const points: StoredPoint[] = [];
      for (let offset: unknown = undefined; offset !== null; ) {
        const page = await ask<{ points: StoredPoint[]; next_page_offset?: unknown }>('scroll', { limit: 1_000, with_payload: true, with_vector: true, offset });
        points.push(...page.points);
        offset = page.next_page_offset ?? null;
      }
      return points;
    },
    async changePoints(operations) {
      for (let start = 0; start < operations.length; start += 50) await ask('batch?wait=true&ordering=medium', { operations: operations.slice(start, start + 50) });
    },
    async objects() {
      const digests = new Map<string, string>();
      for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ...(token === undefined ? {} : { ContinuationToken: token }) }));
        const uris = (page.Contents ?? []).map(({ Key: key }) => `s3://${bucket}/${key}`);
        for (let start = 0; start < uris.length; start += 16) {
          await Promise.all(uris.slice(start, start + 16).map(async (uri) => digests.set(uri, digestOf(await readObject(uri)))));
        }
        token = page.NextContinuationToken;
      }
      return digests;
    },
    readObject,
    async writeObject(uri, bytes) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(uri), Body: bytes }));
    },
    async deleteObject(uri) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(uri) }));
    },
    uriOf: (key) => `s3://${bucket}/${key}`,
    close: () => client.destroy(),
  };
}

/** What a point holds, whatever the order of its fields. */
export function pointDigest({ payload, vector }: StoredPoint): string {
  return digestOf(Buffer.from(canonicalJson([payload, vector])));
}
