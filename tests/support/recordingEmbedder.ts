import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RecordingEmbedder {
  readonly url: string;
  readonly port: number;
  readonly dimension: number;
  /** How often each text was asked for, by `textKey`; answered or not, since a model that was asked has its work. */
  readonly counts: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Short enough to remember some hundred thousand texts. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A real server that speaks the OpenAI embeddings protocol, takes its time, and remembers what it was asked. */
export async function startRecordingEmbedder(millisecondsPerText: number, dimension = 64): Promise<RecordingEmbedder> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { input } = JSON.parse(Buffer.concat(parts).toString()) as { input: string | string[] };
      const texts = Array.isArray(input) ? input : [input];
      for (const text of texts) counts.set(textKey(text), (counts.get(textKey(text)) ?? 0) + 1);
      const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: hashVector(text, dimension) }));
      void sleep(millisecondsPerText * texts.length).then(() => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ object: 'list', data, model: 'recording', usage: { prompt_tokens: 1, total_tokens: 1 } }));
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    dimension,
    counts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function hashVector(text: string, dimension: number): number[] {
  const bytes = createHash('shake256', { outputLength: dimension }).update(text).digest();
  return Array.from(bytes, (byte) => byte / 127.5 - 1);
}
