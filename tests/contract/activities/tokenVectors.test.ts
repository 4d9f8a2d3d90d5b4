import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallSize } from '../../../src/activities/embedding/callSize.ts';
import { embedDocuments } from '../../../src/activities/embedding/embedDocuments.ts';
import { UnkeptVectors } from '../../../src/activities/embedding/unkeptVectors.ts';
import { createVectorMemory } from '../../../src/activities/embedding/vectorMemory.ts';
import type { ActivityDependencies } from '../../../src/activities/dependencies.ts';
import { ingestInProcess } from '../../../src/activities/ingestInProcess.ts';
import { acquireDocuments } from '../../../src/activities/stages/acquireDocuments.ts';
import { chunkDocuments } from '../../../src/activities/stages/chunkDocuments.ts';
import { parseDocuments } from '../../../src/activities/stages/parseDocuments.ts';
import { publishDocuments } from '../../../src/activities/stages/publishDocuments.ts';
import { upsertDocuments } from '../../../src/activities/stages/upsertDocuments.ts';
import { FairTurns } from '../../../src/activities/turns/fairTurns.ts';
import { createStubEmbedder } from '../../../src/adapters/embedding/stubEmbedder.ts';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import { createSearchSettingsRegistry } from '../../../src/adapters/postgres/settings/searchSettingsRegistry.ts';
import { createDiscoveryRegistry } from '../../../src/adapters/postgres/sources/discoveryRegistry.ts';
import { documentIdOf, pointIdOf } from '../../../src/contracts/identifiers.ts';
import type { JobScope } from '../../../src/contracts/ingestion.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import type { SearchSettingsRegistry } from '../../../src/ports/searchSettingsRegistry.ts';
import { contract } from '../index/indexServer.ts';
import { principal } from '../index/points.ts';
import { context } from '../registry/carryOut.ts';
import { openShelf } from '../registry/shelf.ts';
import type { Shelf } from '../registry/shelf.ts';

/** Vectors and codes without meaning; it counts which of its two faces is asked. */
function createEmbedder(): Embedder & { readonly asked: { plain: number; withTokens: number } } {
  const stub = createStubEmbedder({ dimension: contract.dimension });
  const asked = { plain: 0, withTokens: 0 };
  return {
    ...stub, contract, asked,
    embedPassages: (texts) => ((asked.plain += texts.length), stub.embedPassages(texts)),
    tokenVectors: {
      version: 'codes-1',
      embedPassages: async (texts) => ((asked.withTokens += texts.length), (await stub.embedPassages(texts)).map((vector, position) => ({ vector, tokenCodes: Uint8Array.of(texts[position]!.length % 256) }))),
      embedQueryTokens: () => Promise.reject(new Error('No query is asked here.')),
    },
  };
}

const parser = createParserPool({ threads: 1, timeoutSeconds: 60, pageTimeoutSeconds: 30, memoryMegabytes: 512 });
let shelf: Shelf;
let settings: SearchSettingsRegistry;
let embedder: ReturnType<typeof createEmbedder>;
let dependencies: ActivityDependencies;
beforeAll(async () => {
  shelf = await openShelf();
  settings = createSearchSettingsRegistry(shelf.database);
}, 600_000);
beforeEach(() => {
  embedder = createEmbedder();
  const limits = { maximumDocumentBytes: 1e6, chunking: { maximumTokens: 200, overlapTokens: 0 }, sliceDocuments: 64, sliceBytes: 1e6, quarantine: 'off', redact: [] };
  const parts = { ...shelf, models: { serving: () => Promise.resolve(embedder), of: () => embedder }, stageOutputs: shelf.outputs, steering: createJobSteering(shelf.database), searchSettings: settings, discoveries: createDiscoveryRegistry(shelf.database), emit: () => undefined, parser, embedder, tokenizer: { count: (text: string) => text.split(/\s+/).length }, settings: limits };
  // What these stages do not touch (sources, limits, sweeps) is not there.
  dependencies = parts as unknown as ActivityDependencies;
});
afterAll(async () => {
  await parser.close();
  await shelf.close();
});

const texts = [{ key: 'id:a', text: 'The first text of the tenant.' }, { key: 'id:b', text: 'The second text of it.' }];

async function accept(tenant: string): Promise<JobScope> {
  const { jobId } = await shelf.accept(tenant, texts);
  return { tenant, subject: 'tester', jobId };
}

/** How its documents ended. */
async function outcomesOf({ tenant, jobId }: JobScope): Promise<unknown[]> {
  return (await shelf.jobs.listDocuments({ tenant, policies: 'all' }, jobId, {}, undefined, 9))!.documents.map(({ state, outcome }) => (state === 'succeeded' ? outcome : state));
}

async function ingest(tenant: string): Promise<unknown[]> {
  const scope = await accept(tenant);
  await ingestInProcess(dependencies, scope);
  return outcomesOf(scope);
}

/** Of each document, its visible version and the codes of its only point. */
async function visible(tenant: string): Promise<{ readonly versionId: string; readonly codes: number[] | undefined }[]> {
  return Promise.all(
    texts.map(async ({ key }) => {
      const { id: versionId } = (await shelf.library.findVersion(tenant, documentIdOf(tenant, key), undefined))!;
      const [payload] = (await shelf.index.retrieve(principal(tenant), [pointIdOf(versionId, 0)], 'codes-1')).values();
      expect(payload?.version).toBe(versionId);
      return { versionId, codes: payload?.tokenCodes == null ? undefined : [...payload.tokenCodes.codes] };
    }),
  );
}

const hasCodes = async (tenant: string): Promise<boolean[]> => (await visible(tenant)).map(({ codes }) => codes !== undefined);

describe('token vectors at ingestion', () => {
  it('are made for a tenant that has set nothing, and not for one that does without; each is unchanged the next time', async () => {
    expect(await ingest('unset')).toEqual(['created', 'created']);
    expect(embedder.asked).toEqual({ plain: 0, withTokens: 2 });
    await settings.write('without', { tokenVectors: 'off' });
    expect(await ingest('without')).toEqual(['created', 'created']);
    expect(embedder.asked).toEqual({ plain: 2, withTokens: 2 });
    expect([await hasCodes('unset'), await hasCodes('without')]).toEqual([[true, true], [false, false]]);
    expect([await ingest('unset'), await ingest('without')]).toEqual([['unchanged', 'unchanged'], ['unchanged', 'unchanged']]);
  });

  it('come and go with new versions when the tenant changes its mind and ingests again', async () => {
    await ingest('fickle');
    const first = await visible('fickle');
    await settings.write('fickle', { tokenVectors: 'off' });
    expect(await hasCodes('fickle')).toEqual([true, true]);
    expect(await ingest('fickle')).toEqual(['updated', 'updated']);
    const second = await visible('fickle');
    expect(second.map(({ codes }) => codes)).toEqual([undefined, undefined]);
    expect(second.map(({ versionId }) => versionId)).not.toEqual(first.map(({ versionId }) => versionId));
    await settings.write('fickle', { tokenVectors: 'on' });
    expect(await ingest('fickle')).toEqual(['updated', 'updated']);
    expect((await visible('fickle')).map(({ codes }) => codes)).toEqual(first.map(({ codes }) => codes));
    // The vectors of the first time were found again.
    expect(embedder.asked).toEqual({ plain: 2, withTokens: 2 });
    await settings.remove('fickle');
    expect(await ingest('fickle')).toEqual(['unchanged', 'unchanged']);
  });

  it.each([1, 2])('are what they were when the version was named, whatever is set in the middle of the job (try %i)', async (attempt) => {
    const tenant = `midway-${attempt}`;
    const scope = await accept(tenant);
    await acquireDocuments(dependencies, scope, [0], context);
    await settings.write(tenant, { tokenVectors: 'off' });
    await acquireDocuments(dependencies, scope, [1], context);
    await parseDocuments({ ...dependencies, parserTurns: new FairTurns(1) }, scope, [0, 1], context);
    await settings.remove(tenant);
    await chunkDocuments(dependencies, scope, [0, 1], context);
    const embedding = { ...dependencies, vectorMemory: createVectorMemory(), unkept: new UnkeptVectors(dependencies), callSize: new CallSize(), modelTurns: new FairTurns(1) };
    expect((await embedDocuments(embedding, scope, [0, 1], { ...context, attempt })).ready).toEqual([0, 1]);
    expect(embedder.asked).toEqual({ plain: 1, withTokens: 1 });
    await settings.write(tenant, { tokenVectors: 'off' });
    await upsertDocuments(dependencies, scope, [0, 1], context);
    await publishDocuments(dependencies, scope, [0, 1], context);
    expect(await outcomesOf(scope)).toEqual(['created', 'created']);
    expect(await hasCodes(tenant)).toEqual([true, false]);
    // By now it is off: the one with codes gives way to a version without, the other is what is wanted.
    expect(await ingest(tenant)).toEqual(['updated', 'unchanged']);
    expect(await hasCodes(tenant)).toEqual([false, false]);
  });
});
