import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import type { ActivityContext } from '../../../src/activities/activityContext.ts';
import type { EmbeddingDependencies } from '../../../src/activities/embedding/embedGroups.ts';
import { CallSize } from '../../../src/activities/embedding/callSize.ts';
import { embedInParts } from '../../../src/activities/embedding/embedInParts.ts';
import { FairTurns } from '../../../src/activities/turns/fairTurns.ts';
import { dropKept } from '../../../src/activities/embedding/keptVectors.ts';
import { UnkeptVectors } from '../../../src/activities/embedding/unkeptVectors.ts';
import { createVectorMemory } from '../../../src/activities/embedding/vectorMemory.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createStageOutputs } from '../../../src/adapters/postgres/documents/stageOutputs.ts';
import { createS3ArtifactStore } from '../../../src/adapters/s3/s3ArtifactStore.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { textKey } from '../../support/recordingEmbedder.ts';
import { FaultProxy } from '../../chaos/network/faultProxy.ts';

let stack: TestStack;
let line: FaultProxy;
let database: Database;
let stores: Pick<EmbeddingDependencies, 'artifacts' | 'stageOutputs'>;

beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres', 's3'] });
  line = await FaultProxy.start({ host: '127.0.0.1', port: stack.settings.ports.s3 });
  database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 4 });
  await database.migrate();
  const artifacts = createS3ArtifactStore({
    endpoint: `http://127.0.0.1:${line.port}`, region: 'us-east-1', bucket: 'catalyst', forcePathStyle: true,
    accessKeyId: stack.environment['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: stack.environment['S3_SECRET_ACCESS_KEY'] ?? '',
  });
  await artifacts.prepare();
  stores = { artifacts, stageOutputs: createStageOutputs(database) };
});

afterAll(async () => {
  await database.close();
  await line.close();
  await stack.stop();
});

const context: ActivityContext = { signal: new AbortController().signal, attempt: 1, progress: () => undefined };

/** A model that takes its time, counts what it is asked, and fails when it is told to. */
class CountingModel {
  readonly counts = new Map<string, number>();
  failAfter = Infinity;
  private asked = 0;
  private readonly millisecondsPerText: number;

  constructor(millisecondsPerText: number) {
    this.millisecondsPerText = millisecondsPerText;
  }

  readonly embedder: EmbeddingDependencies['embedder'] = {
    contract: { model: 'counting', revision: '1', dimension: 1, normalised: true, dtype: 'float32', pooling: 'mean', queryPrefix: '', passagePrefix: '', tokenLimit: 512 },
    embedPassages: async (texts) => {
      if (this.asked + texts.length > this.failAfter) throw new CatalystError('EMBEDDER_UNAVAILABLE', 'The model is away.');
      this.asked += texts.length;
      for (const text of texts) this.counts.set(textKey(text), (this.counts.get(textKey(text)) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, texts.length * this.millisecondsPerText));
      return texts.map((text) => Float32Array.of(Number(/\d+/.exec(text)?.[0])));
    },
    embedQuery: () => Promise.reject(new CatalystError('INTERNAL', 'No query is asked here.')),
    close: () => Promise.resolve(),
  };

  get again(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count - 1, 0);
  }
}

const textsOf = (name: string, count: number) => Array.from({ length: count }, (_, number) => ({ text: `${number} ${name}`, tokens: 1 + ((number * 7) % 50) }));
const numbersUpTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** As a process of its own has them. */
function dependenciesOf(model: CountingModel, changes: Partial<EmbeddingDependencies> = {}): EmbeddingDependencies {
  return { ...stores, embedder: model.embedder, emit: () => undefined, onProcessorTime: () => undefined, vectorMemory: createVectorMemory(), unkept: new UnkeptVectors({ ...stores, embedder: model.embedder }), callSize: new CallSize(), line: new FairTurns(2).line('acme', 'job'), spend: () => Promise.resolve(), ...changes };
}

describe('embedding in parts', () => {
  it('goes on in another process where it was cut off, without asking for a text again', async () => {
    const model = new CountingModel(4);
    const texts = textsOf('resumed', 200);
    model.failAfter = 120;
    await expect(embedInParts(dependenciesOf(model), 'acme', texts, context)).rejects.toMatchObject({ code: 'EMBEDDER_UNAVAILABLE' });
    model.failAfter = Infinity;
    const { vectors, parts } = await embedInParts(dependenciesOf(model), 'acme', texts, context);
    expect(vectors.map(({ dense: [value] }) => value)).toEqual(numbersUpTo(200));
    expect(model.again).toBe(0);
    expect(parts.mayBeKept()).toBe(true);
    await dropKept(dependenciesOf(model), 'acme', parts.keys);
    expect((await stores.stageOutputs.find('acme', parts.keys)).size).toBe(0);
  });

  it('remembers in the process what the store could not take', async () => {
    const model = new CountingModel(8);
    const texts = textsOf('remembered', 100);
    const dependencies = dependenciesOf(model);
    line.apply({ kind: 'refuse', milliseconds: 1_500 });
    await expect(embedInParts(dependencies, 'acme', texts, context)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE' });
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    const { vectors } = await embedInParts(dependencies, 'acme', texts, context);
    expect(vectors.map(({ dense: [value] }) => value)).toEqual(numbersUpTo(100));
    expect(model.again).toBe(0);
  });

  it('keeps what the store could not take once it is back, so that another process need not ask again', async () => {
    const model = new CountingModel(8);
    const texts = textsOf('kept later', 100);
    line.apply({ kind: 'refuse', milliseconds: 1_000 });
    await expect(embedInParts(dependenciesOf(model), 'acme', texts, context)).rejects.toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE' });
    const asked = model.counts.size;
    expect(asked).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await embedInParts(dependenciesOf(model), 'acme', texts, context);
    expect(model.again).toBe(0);
  });

  it('asks for little while the store is away, however many activities are at work', async () => {
    const model = new CountingModel(8);
    const turns = new FairTurns(2);
    const dependencies = dependenciesOf(model);
    line.apply({ kind: 'refuse', milliseconds: 2_000 });
    const tries = await Promise.allSettled(Array.from({ length: 12 }, (_, activity) => embedInParts({ ...dependencies, line: turns.line('acme', 'job') }, 'acme', textsOf(`activity ${activity}`, 100), context)));
    expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(12);
    // Less than four calls at stake, and those of two turns, which may be of twice the size.
    expect(model.counts.size).toBeLessThanOrEqual((3 + 2 * 2) * 8);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  });

  it('drops what was kept of one document, and nothing of another that was kept in the same moment', async () => {
    const model = new CountingModel(8);
    const dependencies = dependenciesOf(model);
    // Of other numbers, and so other vectors: equal bytes would be one object.
    const [one, other] = [textsOf('one', 20), textsOf('other', 40).slice(20)];
    line.apply({ kind: 'refuse', milliseconds: 500 });
    await Promise.allSettled([one, other].map((texts) => embedInParts(dependencies, 'acme', texts, context)));
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const { parts } = await embedInParts(dependencies, 'acme', one, context);
    expect((await stores.stageOutputs.find('acme', parts.keys)).size).toBeGreaterThan(0);
    await dropKept(dependencies, 'acme', parts.keys);
    await embedInParts(dependenciesOf(model), 'acme', other, context);
    expect(model.counts.size).toBe(40);
    expect(model.again).toBe(0);
  });

  it('asks once for what two activities want at the same time', async () => {
    const model = new CountingModel(2);
    const texts = textsOf('shared', 100);
    const dependencies = dependenciesOf(model);
    const [one, other] = await Promise.all([embedInParts(dependencies, 'acme', texts, context), embedInParts(dependencies, 'acme', [...texts].reverse(), context)]);
    expect(one.vectors.map(({ dense: [value] }) => value)).toEqual(numbersUpTo(100));
    expect(other.vectors.map(({ dense: [value] }) => value)).toEqual(numbersUpTo(100).reverse());
    expect(model.again).toBe(0);
  });

  it('keeps what was paid for where the budget ends', async () => {
    const model = new CountingModel(1);
    const texts = textsOf('paid', 100);
    let budget = 40;
    const spend = (): Promise<void> => ((budget -= 8) < 0 ? Promise.reject(new CatalystError('BUDGET_EXHAUSTED', 'No tokens are left.')) : Promise.resolve());
    await expect(embedInParts(dependenciesOf(model, { spend }), 'acme', texts, context)).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    const before = model.counts.size;
    expect(before).toBeGreaterThan(0);
    await embedInParts(dependenciesOf(model), 'acme', texts, context);
    expect(model.again).toBe(0);
    expect(model.counts.size).toBe(100);
  });

  it('embeds anew where somebody else has dropped what was kept', async () => {
    const model = new CountingModel(4);
    const texts = textsOf('dropped', 100);
    model.failAfter = 60;
    await expect(embedInParts(dependenciesOf(model), 'acme', texts, context)).rejects.toThrow();
    model.failAfter = Infinity;
    const kept = await database.withTenant('acme', (transaction) => transaction.selectFrom('stage_outputs').select('reference').where('tenant', '=', 'acme').execute());
    await stores.artifacts.deleteObjects('acme', kept.map(({ reference }) => reference.uri));
    const { vectors } = await embedInParts(dependenciesOf(model), 'acme', texts, context);
    expect(vectors.map(({ dense: [value] }) => value)).toEqual(numbersUpTo(100));
  });

  it('gives equal texts equal vectors, also where whole groups are alike', async () => {
    const model = new CountingModel(1);
    const texts = Array.from({ length: 40 }, () => ({ text: '5 the same', tokens: 3 }));
    const { vectors } = await embedInParts(dependenciesOf(model), 'acme', texts, context);
    expect(vectors.map(({ dense: [value] }) => value)).toEqual(texts.map(() => 5));
  });
});
