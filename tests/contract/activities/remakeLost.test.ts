import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireDocuments } from '../../../src/activities/stages/acquireDocuments.ts';
import { chunkDocuments } from '../../../src/activities/stages/chunkDocuments.ts';
import type { ActivityDependencies } from '../../../src/activities/dependencies.ts';
import { FairTurns } from '../../../src/activities/turns/fairTurns.ts';
import { parseDocuments } from '../../../src/activities/stages/parseDocuments.ts';
import { remakeLost } from '../../../src/activities/stages/remakeLost.ts';
import type { StageStep } from '../../../src/activities/stages/remakeLost.ts';
import { createParserPool } from '../../../src/adapters/parser/parserPool.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import { createSearchSettingsRegistry } from '../../../src/adapters/postgres/settings/searchSettingsRegistry.ts';
import type { ChunkedDocument } from '../../../src/contracts/chunks.ts';
import type { ChunkedArtifact, JobScope, ParsedArtifact } from '../../../src/contracts/ingestion.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import { contract } from '../index/indexServer.ts';
import { context } from '../registry/carryOut.ts';
import { openShelf } from '../registry/shelf.ts';
import type { Shelf } from '../registry/shelf.ts';

const embedder: Embedder = { contract, embedPassages: () => Promise.resolve([]), embedQuery: () => Promise.resolve(new Float32Array()), close: () => Promise.resolve() };
const parser = createParserPool({ threads: 1, timeoutSeconds: 60, pageTimeoutSeconds: 30, memoryMegabytes: 512 });

let shelf: Shelf;
let dependencies: ActivityDependencies;
beforeAll(async () => {
  shelf = await openShelf();
  const settings = { maximumDocumentBytes: 1e6, chunking: { maximumTokens: 200, overlapTokens: 0 }, sliceDocuments: 64, sliceBytes: 1e6, quarantine: 'off', redact: [] };
  const tokenizer = { count: (text: string) => text.split(/\s+/).length };
  const parts = { ...shelf, stageOutputs: shelf.outputs, steering: createJobSteering(shelf.database), searchSettings: createSearchSettingsRegistry(shelf.database), emit: () => undefined, parser, embedder, tokenizer, settings };
  // What these stages do not touch (sources, limits, sweeps) is not there.
  dependencies = parts as unknown as ActivityDependencies;
}, 600_000);
afterAll(async () => {
  await parser.close();
  await shelf.close();
});

const texts = [{ key: 'id:a', text: 'The first text.' }, { key: 'id:b', text: 'The second text.' }];

function stagesOf(scope: JobScope): { acquire: StageStep; parse: StageStep; chunk: StageStep } {
  return {
    acquire: (indexes) => acquireDocuments(dependencies, scope, indexes, context),
    parse: (indexes) => parseDocuments({ ...dependencies, parserTurns: new FairTurns(1) }, scope, indexes, context),
    chunk: (indexes) => chunkDocuments(dependencies, scope, indexes, context),
  };
}

async function begun(tenant: string): Promise<{ scope: JobScope; stages: ReturnType<typeof stagesOf>; progress: (index: number) => Promise<ChunkedArtifact> }> {
  const { jobId } = await shelf.accept(tenant, texts);
  const scope = { tenant, subject: 'tester', jobId };
  const stages = stagesOf(scope);
  await stages.acquire([0, 1]);
  await stages.parse([0, 1]);
  return { scope, stages, progress: async (index) => (await shelf.jobs.loadTasks(tenant, jobId, [index]))[0]!.progress as ChunkedArtifact };
}

const textOf = async (tenant: string, reference: ChunkedArtifact['chunks']): Promise<string> =>
  (JSON.parse(Buffer.from((await shelf.artifacts.getAll(tenant, [reference]))[0]!).toString()) as ChunkedDocument).chunks.map(({ text }) => text).join();

describe('artifacts that are gone under a stage', () => {
  it.each(['forgotten', 'remembered'] as const)('are made anew by the stages before, their output %s', async (known) => {
    const tenant = `lost-${known}`;
    const { scope, stages, progress } = await begun(tenant);
    const { text } = (await progress(0)) satisfies ParsedArtifact;
    await shelf.artifacts.erase(tenant, [text]);
    if (known === 'forgotten') await shelf.outputs.forgetPlaces(tenant, [text]);
    await expect(stages.chunk([0, 1])).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await remakeLost(dependencies, scope, [0, 1], [stages.acquire, stages.parse], stages.chunk)).toEqual({ ready: [0, 1], finished: [] });
    expect(await textOf(tenant, (await progress(0)).chunks)).toBe('The first text.');
    expect(await textOf(tenant, (await progress(1)).chunks)).toBe('The second text.');
    // What was not lost was not made again.
    expect((await progress(1)).text).toEqual({ ...(await progress(1)).text, uri: text.uri });
  });

  it('end the document where its own bytes are gone for good; another failure is not taken for a loss', async () => {
    const { scope, stages, progress } = await begun('gone');
    const { raw, text } = await progress(0);
    await shelf.artifacts.erase('gone', [raw, text]);
    await expect(remakeLost(dependencies, scope, [0, 1], [stages.acquire, stages.parse], stages.chunk)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    let calls = 0;
    const failing: StageStep = () => {
      calls += 1;
      return Promise.reject(new Error('something else'));
    };
    await expect(remakeLost(dependencies, scope, [0, 1], [stages.acquire], failing)).rejects.toThrow('something else');
    expect(calls).toBe(1);
  });
});
