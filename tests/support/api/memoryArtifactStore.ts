import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { digestOf } from '../../../src/contracts/identifiers.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';

export interface MemoryArtifactStore extends Pick<Required<ApiDependencies>['artifacts'], 'putAll' | 'putStream' | 'describe' | 'deleteObjects' | 'openStream' | 'link'> {
  readonly objects: Map<string, Uint8Array>;
  readonly deleted: string[];
  putAllCalls: number;
  streamedBytes: number;
}

/** Implements the port over a map; with `keep: false` streamed bytes are counted and let go. */
export function createMemoryArtifactStore({ keep = true } = {}): MemoryArtifactStore {
  const objects = new Map<string, Uint8Array>();
  const store: MemoryArtifactStore = {
    objects,
    deleted: [],
    putAllCalls: 0,
    streamedBytes: 0,
    putAll(tenant, kind, entries) {
      store.putAllCalls += 1;
      const uri = `s3://catalyst/${tenant}/${kind}/pack-${store.putAllCalls}`;
      const bytes = Buffer.concat(entries.map((entry) => entry.bytes));
      objects.set(uri, bytes);
      let offset = 0;
      return Promise.resolve(
        entries.map((entry): ArtifactReference => {
          const reference = { uri, offset, length: entry.bytes.length, digest: digestOf(entry.bytes), mediaType: entry.mediaType };
          offset += entry.bytes.length;
          return reference;
        }),
      );
    },
    async putStream(tenant, name, body, mediaType, maximumBytes) {
      const uri = `s3://catalyst/${tenant}/raw/${name}`;
      const hash = createHash('sha256');
      const kept: Buffer[] = [];
      let length = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        length += chunk.length;
        store.streamedBytes += chunk.length;
        if (length > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `The document is larger than ${maximumBytes} bytes.`);
        hash.update(chunk);
        if (keep) kept.push(chunk);
      }
      objects.set(uri, Buffer.concat(kept));
      return { uri, offset: 0, length, digest: `sha256:${hash.digest('hex')}`, mediaType };
    },
    describe(tenant, uri) {
      const found = uri.startsWith(`s3://catalyst/${tenant}/`) ? objects.get(uri) : undefined;
      if (found === undefined) return Promise.reject(new CatalystError('ARTIFACT_NOT_FOUND', 'There is no such artifact for this tenant.'));
      return Promise.resolve({ bytes: found.length, mediaType: 'application/octet-stream' });
    },
    openStream(tenant, { uri, offset, length, digest }) {
      const found = uri.startsWith(`s3://catalyst/${tenant}/`) ? objects.get(uri)?.subarray(offset, offset + length) : undefined;
      if (found === undefined) return Promise.reject(new CatalystError('ARTIFACT_NOT_FOUND', 'There is no such artifact for this tenant.'));
      return Promise.resolve(Readable.from(checked(found, digest), { objectMode: false }));
    },
    link: (_tenant, { uri, offset, length }, { seconds }) => Promise.resolve({ url: `https://store.test/${encodeURIComponent(uri)}?seconds=${seconds}`, headers: { Range: `bytes=${offset}-${offset + length - 1}` } }),
    deleteObjects(_tenant, uris) {
      for (const uri of uris) objects.delete(uri);
      store.deleted.push(...uris);
      return Promise.resolve();
    },
  };
  return store;
}

/** As the port promises: a digest that does not match breaks the stream at its end. */
function* checked(bytes: Uint8Array, digest: string): Generator<Uint8Array> {
  const half = Math.floor(bytes.length / 2);
  yield bytes.subarray(0, half);
  if (digestOf(bytes) !== digest) throw new CatalystError('ARTIFACT_CORRUPT', 'The artifact does not match its digest.');
  yield bytes.subarray(half);
}
