import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createDocumentRegistry } from '../../../src/adapters/postgres/documents/documentRegistry.ts';
import { createStageOutputs } from '../../../src/adapters/postgres/documents/stageOutputs.ts';
import { digestOf, documentIdOf, versionIdOf } from '../../../src/contracts/identifiers.ts';
import type { PublishRequest } from '../../../src/ports/documentRegistry.ts';
import { acceptJob } from '../../support/registryJobs.ts';

const documents = 4_000;
const slice = 16;
/** For each document some rows of some tables, but never those of the documents beside it. */
const mostRows = slice * 25;

let stack: TestStack;
let database: Database;
let jobId: string;

/** The planner knows one tenant, and of it that there is no other; then another brings all its documents. */
beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres'] });
  // One connection, so that what it counted can be asked for.
  database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 1 });
  await database.migrate();
  await fill('known', 300);
  await sql`analyze`.execute(database.kysely);
  jobId = await fill('new', documents);
}, 600_000);
afterAll(async () => {
  await database.close();
  await stack.stop();
});

async function fill(tenant: string, count: number): Promise<string> {
  const job = await acceptJob(database, tenant, count);
  const requests = Array.from({ length: count }, (_, index) => request(tenant, job, index, index + 1));
  for (let first = 0; first < count; first += 500) await createDocumentRegistry(database).publish(tenant, requests.slice(first, first + 500), () => Promise.resolve());
  const outputs = requests.map(({ versionDigest, artifacts }) => ({ key: versionDigest, reference: artifacts.raw }));
  for (let first = 0; first < count; first += 500) await createStageOutputs(database).record(tenant, outputs.slice(first, first + 500));
  return job;
}

function request(tenant: string, job: string, index: number, sequence: number): PublishRequest {
  const documentId = documentIdOf(tenant, `id:${index}`);
  const versionDigest = digestOf(`${tenant} ${index} ${sequence}`);
  const reference = { uri: `s3://catalyst/tenants/${tenant}/raw/${Math.floor(index / slice)}`, offset: index, length: 1, digest: versionDigest, mediaType: 'text/plain' };
  return {
    documentId, versionDigest, sequence, jobId: job, versionId: versionIdOf(documentId, versionDigest, sequence), chunks: 1, pages: null, title: 'A title', sourceKey: `id:${index}`,
    source: { type: 'text', location: `id:${index}` }, sourceId: null, parentId: null, policies: [], tokens: 5, fetched: null, artifacts: { raw: reference, text: reference, chunks: reference, vectors: reference, manifest: reference },
  };
}

async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(database.kysely);
    const { rows } = await sql<{ rows: string }>`select (select sum(idx_tup_read) from pg_stat_user_indexes) + (select sum(seq_tup_read) from pg_stat_user_tables) as rows`.execute(database.kysely);
    return Number(rows[0]?.rows);
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

describe('what a slice of a new tenant reads', () => {
  const pending = Array.from({ length: slice }, (_, place) => request('new', '', 1_000 + place, 1_001 + place));

  it('sees all rows when all are asked for', async () => {
    const count = () => database.withTenant('new', (transaction) => transaction.selectFrom('documents').select(({ fn }) => fn.countAll().as('all')).where('source', 'is not', null).execute());
    expect(await rowsRead(count)).toBeGreaterThanOrEqual(documents);
  });

  it('is its own documents where their versions are compared', async () => {
    const registry = createDocumentRegistry(database);
    expect(await rowsRead(async () => expect(await registry.confirmUnchanged('new', pending)).toHaveLength(slice))).toBeLessThan(mostRows);
    expect(await rowsRead(async () => expect(await registry.listSuperseded('new', pending)).toEqual([]))).toBeLessThan(mostRows);
  });

  it('is its own documents where they are published', async () => {
    const next = Array.from({ length: slice }, (_, place) => request('new', jobId, 2_000 + place, 100_000 + place));
    const publish = () => createDocumentRegistry(database).publish('new', next, () => Promise.resolve());
    expect(await rowsRead(async () => expect((await publish()).map(({ decision }) => decision)).toEqual(next.map(() => 'updated')))).toBeLessThan(mostRows);
  });

  it('is its own outputs of stages', async () => {
    const find = () => createStageOutputs(database).find('new', pending.map(({ versionDigest }) => versionDigest));
    expect(await rowsRead(async () => expect((await find()).size).toBe(slice))).toBeLessThan(mostRows);
  });
});
