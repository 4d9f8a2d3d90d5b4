import { Readable } from 'node:stream';
import { request } from 'undici';
import { z } from 'zod';
import type { IndexSnapshots } from '../../ports/indexSnapshots.ts';
import { refused, unreachable } from './errors.ts';
import type { QdrantConnection } from './options.ts';
import { createRestClient } from './restClient.ts';
import { understood } from './understood.ts';

/** What a server answers that makes no snapshots. */
const notOffered = [404, 405, 501];

export function createIndexSnapshots(connection: QdrantConnection): IndexSnapshots & { close(): Promise<void> } {
  const client = createRestClient(connection);
  return {
    async take(generation) {
      const path = `/collections/${encodeURIComponent(generation)}/snapshots`;
      const operation = `snapshot the collection ${generation}`;
      const answer = await client.answer({ operation, method: 'POST', path: `${path}?wait=true` }, notOffered);
      if (answer === null) return undefined;
      const { name, checksum } = understood(z.object({ result: snapshotSchema }), answer, operation).result;
      const file = `${path}/${encodeURIComponent(name)}`;
      return {
        checksum: checksum ?? undefined,
        open: () => download(connection, file),
        async remove() {
          await client.answer({ operation: 'remove the snapshot', method: 'DELETE', path: file }, [404]);
        },
      };
    },
    close: () => client.close(),
  };
}

const snapshotSchema = z.object({ name: z.string(), checksum: z.string().nullish() });

/** Not through the client of all other requests, which reads answers whole. */
async function download({ url, apiKey, requestTimeoutMs }: QdrantConnection, path: string): Promise<Readable> {
  const operation = 'read the snapshot';
  const response = await request(`${url.replace(/\/$/, '')}${path}`, { headers: apiKey === undefined ? {} : { 'api-key': apiKey }, headersTimeout: requestTimeoutMs, bodyTimeout: requestTimeoutMs }).catch((thrown: unknown) => {
    throw unreachable(operation, url, thrown);
  });
  if (response.statusCode === 200) return Readable.from(translated(response.body, operation, url), { objectMode: false });
  throw refused(operation, { status: response.statusCode, retryAfter: undefined, body: await response.body.text() });
}

async function* translated(body: AsyncIterable<Buffer>, operation: string, url: string): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (thrown) {
    throw unreachable(operation, url, thrown);
  }
}
