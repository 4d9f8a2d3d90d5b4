import { Readable } from 'node:stream';
import { digestOf } from '../../src/contracts/identifiers.ts';
import type { ObjectBucket } from '../../src/ports/objectBucket.ts';

/** A bucket without a server, for tests of what reads one. */
export function createMemoryBucket(): ObjectBucket & { readonly objects: Map<string, Buffer> } {
  const objects = new Map<string, Buffer>();
  const keys = (prefix: string): string[] => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  return {
    name: 'memory',
    objects,
    prepare: () => Promise.resolve(),
    list(prefix, after, limit) {
      const found = keys(prefix).filter((key) => after === undefined || key > after);
      return Promise.resolve({ objects: found.slice(0, limit).map((key) => ({ key, bytes: objects.get(key)?.byteLength ?? 0, mark: digestOf(objects.get(key) ?? '') })), isLast: found.length <= limit });
    },
    folders: (prefix) => Promise.resolve([...new Set(keys(prefix).map((key) => key.slice(prefix.length)).flatMap((rest) => (rest.includes('/') ? [rest.slice(0, rest.indexOf('/'))] : [])))]),
    read: (key) => Promise.resolve(objects.get(key)),
    open(key) {
      const found = objects.get(key);
      return Promise.resolve(found === undefined ? undefined : { body: Readable.from([found]), mediaType: 'application/octet-stream', metadata: {} });
    },
    async store(key, { body }) {
      const parts: Buffer[] = [];
      for await (const part of body) parts.push(Buffer.from(part as Buffer));
      const bytes = Buffer.concat(parts);
      objects.set(key, bytes);
      return { bytes: bytes.byteLength, digest: digestOf(bytes), mark: digestOf(bytes) };
    },
    remove(wanted) {
      for (const key of wanted) objects.delete(key);
      return Promise.resolve();
    },
  };
}
