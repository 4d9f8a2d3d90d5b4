import type { IndexPoint } from '../../ports/vectorIndex.ts';
import { sparseVector } from './collectionSchema.ts';
import { toStored } from './payload.ts';
import type { RestClient } from './restClient.ts';
import { denseText, sparseText } from './vectorText.ts';

/** A request of this size is near the best throughput and far below Qdrant's limit of 32 MB. */
const maximumBatchCharacters = 4_000_000;
const maximumBatchPoints = 256;

/** Writes are durable when they return (`wait`), and applied in the order given on every replica (`ordering`). */
const durable = '?wait=true&ordering=medium';

/** `points`: path of the points of a collection or alias; `denseVector`: what it calls their vectors. The same id again replaces a point. Throws INDEX_MOVED where it calls them otherwise by now. */
export async function writePoints(client: RestClient, points: string, batch: readonly IndexPoint[], denseVector: string): Promise<void> {
  for (const body of upsertBodies(batch, denseVector)) await client.result({ operation: 'write points', method: 'PUT', path: points + durable, body });
}

export async function applyInOrder(client: RestClient, points: string, operation: string, operations: readonly unknown[]): Promise<void> {
  await client.result({ operation, method: 'POST', path: `${points}/batch${durable}`, body: JSON.stringify({ operations }) });
}

function* upsertBodies(points: readonly IndexPoint[], denseVector: string): Generator<string> {
  let texts: string[] = [];
  let characters = 0;
  for (const point of points) {
    const text = pointText(point, denseVector);
    if (texts.length === maximumBatchPoints || (texts.length > 0 && characters + text.length > maximumBatchCharacters)) {
      yield `{"points":[${texts.join(',')}]}`;
      texts = [];
      characters = 0;
    }
    texts.push(text);
    characters += text.length;
  }
  if (texts.length > 0) yield `{"points":[${texts.join(',')}]}`;
}

function pointText(point: IndexPoint, denseVector: string): string {
  const vectors = `{"${denseVector}":${denseText(point.dense)},"${sparseVector}":${sparseText(point.sparse)}}`;
  return `{"id":${JSON.stringify(point.id)},"vector":${vectors},"payload":${JSON.stringify({ ...toStored(point.payload), ...point.vocabulary })}}`;
}
