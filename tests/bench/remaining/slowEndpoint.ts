import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

export const endpointDimension = 256;

/**
 * An OpenAI-compatible endpoint that takes its time: a way there and back, something for each text, and now and then a while
 * in which everything takes three times as long, as services do. The same on every run.
 */
export async function startSlowEndpoint(): Promise<{ readonly baseUrl: string; close(): void }> {
  const startedAt = performance.now();
  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      const { input } = JSON.parse(body) as { input: readonly string[] };
      await setTimeout((150 + 12 * input.length) * slownessAt((performance.now() - startedAt) / 1000));
      const data = input.map((text, index) => ({ index, embedding: vectorOf(text) }));
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close: () => server.closeAllConnections() };
}

/** Waves of a minute and a half, and a stall of eight seconds in each. */
function slownessAt(seconds: number): number {
  const inWave = seconds % 90;
  return inWave > 50 && inWave < 58 ? 3 : 1 + 0.3 * Math.sin((2 * Math.PI * inWave) / 90);
}

function vectorOf(text: string): number[] {
  return Array.from({ length: endpointDimension }, (_, place) => 1 + ((text.length * 31 + place * 17) % 97));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
