import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDocument } from '../../src/contracts/jobs.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { startRecordingEmbedder } from '../support/recordingEmbedder.ts';
import type { RecordingEmbedder } from '../support/recordingEmbedder.ts';

let stack: FullStack;
let embedder: RecordingEmbedder;
let client: CatalystClient;

beforeAll(async () => {
  embedder = await startRecordingEmbedder(40);
  stack = await startFullStack({
    // Small slices, so that each kill hits other stages of several of them.
    CATALYST_SLICE_DOCUMENTS: '32',
    CATALYST_EMBEDDING_PROVIDER: 'openai',
    CATALYST_EMBEDDING_BASE_URL: embedder.url,
    CATALYST_EMBEDDING_MODEL: 'recording',
    CATALYST_EMBEDDING_DIMENSION: String(embedder.dimension),
  });
  client = await stack.clientFor('chaos');
}, 600_000);

afterAll(async () => {
  await stack.stop();
  await embedder.close();
}, 60_000);

const documentCount = 500;
const kills = ['worker', 'api', 'temporal', 'qdrant'] as const;
/** Two embedding activities run at once; a slice of 32 of these documents has at most 64 texts. */
const textsInFlight = 2 * 64;

/** Short notes, and every tenth a longer one of several chunks. */
function makeDocuments() {
  return Array.from({ length: documentCount }, (_, number) => {
    const paragraphs = number % 10 === 0 ? 12 : 1;
    const text = Array.from({ length: paragraphs }, (_unused, part) => `Entry ${number}, part ${part}. ${`The ledger of warehouse ${number} lists crate ${part} among the goods that arrived by rail. `.repeat(6)}`).join('\n\n');
    return { id: `ledger-${number}`, title: `Ledger ${number}`, text };
  });
}

describe('kill -9 in the middle of a job of 500 documents', () => {
  it('loses nothing, doubles nothing, and ends by itself', async () => {
    const { jobId } = await client.ingest({ documents: makeDocuments() });
    for (const [position, service] of kills.entries()) {
      await untilDone(jobId, ((position + 1) * documentCount) / 6);
      stack.services[service]?.kill('SIGKILL');
    }
    const job = await client.waitForJob(jobId);
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: documentCount, succeeded: documentCount, failed: 0 } });

    const documents: JobDocument[] = [];
    for await (const document of client.listJobDocuments(jobId, { pageSize: 500 })) documents.push(document);
    expect(documents.every((document) => document.outcome === 'created')).toBe(true);

    const points = await scrollPoints();
    expect(points.every((point) => point.visible)).toBe(true);
    const perVersion = new Map<string, Set<number>>();
    for (const point of points) perVersion.set(point.version, (perVersion.get(point.version) ?? new Set()).add(point.ordinal));
    expect(points).toHaveLength(documents.reduce((sum, document) => sum + (document.chunks ?? 0), 0));
    for (const document of documents) expect(perVersion.get(document.versionId ?? '')?.size).toBe(document.chunks);

    const texts = [...embedder.counts.values()];
    const repeated = texts.reduce((sum, count) => sum + count - 1, 0);
    console.log(`chunks ${points.length}, texts embedded once ${texts.length}, embedded again ${repeated}`);
    // The worker and its restart were the only ones to cut an activity that embeds.
    expect(repeated).toBeLessThanOrEqual(textsInFlight);
  }, 300_000);
});

/** Waits until so many documents are done; a service that is down at the moment is waited for. */
async function untilDone(jobId: string, wanted: number): Promise<void> {
  for (;;) {
    const done = await client.getJob(jobId).then(
      ({ counts, state }) => {
        if (state === 'succeeded' || state === 'failed') throw new Error(`The job ended (${state}) before all kills.`);
        return counts.succeeded;
      },
      () => 0,
    );
    if (done >= wanted) return;
    await sleep(200);
  }
}

interface Point {
  readonly version: string;
  readonly visible: boolean;
  readonly ordinal: number;
}

/** All points of the tenant, read from Qdrant itself. */
async function scrollPoints(): Promise<Point[]> {
  const points: Point[] = [];
  for (let offset: unknown = undefined; offset !== null; ) {
    const response = await fetch(`${stack.environment['QDRANT_URL']}/collections/catalyst/points/scroll`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ limit: 1000, with_payload: true, offset }),
    });
    const { result } = (await response.json()) as { result: { points: { payload: { version: string; visible: boolean; chunk?: { ordinal: number }; ordinal?: number } }[]; next_page_offset: unknown } };
    points.push(...result.points.map(({ payload }) => ({ version: payload.version, visible: payload.visible, ordinal: payload.chunk?.ordinal ?? payload.ordinal ?? -1 })));
    offset = result.next_page_offset ?? null;
  }
  return points;
}
