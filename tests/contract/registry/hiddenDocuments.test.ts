import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobReports } from '../../../src/adapters/postgres/jobs/jobReports.ts';
import { errorTable } from '../../../src/contracts/errors.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { JobRegistry } from '../../../src/ports/jobRegistry.ts';
import type { JobReports } from '../../../src/ports/jobReports.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acquired, failed, ownerOf, specificationOf } from '../../support/registryJobs.ts';

let database: Database;
let jobs: JobRegistry;
let reports: JobReports;
let stop: () => Promise<void>;
const prices = { currency: 'EUR', perMillionTokens: 10, perCredit: 1 };
beforeAll(async () => {
  const started = await startTestDatabase();
  database = started.database;
  stop = () => started.close();
  jobs = createJobRegistry(database, { prices });
  reports = createJobReports(database, { prices });
}, 600_000);
afterAll(async () => stop());

const secret = 'merger-with-contoso';

/** A job with a document under a label that fails, and an open one that does too. */
async function failedJob(tenant: string, policies: string[] = ['board']): Promise<string> {
  const jobId = newIdentifier();
  const documents = [{ ...specificationOf(tenant, 0, secret), title: secret, policies }, { ...specificationOf(tenant, 1, 'open'), title: 'open' }];
  await jobs.accept(ownerOf(tenant), { jobId, workflowId: `job/${tenant}/${jobId}`, documents });
  await jobs.beginStage(tenant, jobId, [0, 1], 'acquire');
  await jobs.endStage(tenant, jobId, [{ index: 0, progress: acquired(0) }], []);
  await jobs.finishDocuments(tenant, jobId, [failed(0, 'CORRUPT_DOCUMENT', `"${secret}.pdf" is damaged.`), failed(1, 'EMPTY_DOCUMENT', 'open has no bytes.')]);
  return jobId;
}

const documentsFor = async (tenant: string, jobId: string, policies: string[]) => (await jobs.listDocuments({ tenant, policies }, jobId, {}, undefined, 9))?.documents ?? [];
const tellsIt = (value: unknown): boolean => JSON.stringify(value).includes(secret);

describe('a document whose labels the reader does not hold', () => {
  it('is among those of its job with how it went, and nothing of what it is', async () => {
    const jobId = await failedJob('hidden-a');
    const [hidden, open] = await documentsFor('hidden-a', jobId, ['other']);
    expect(hidden).toMatchObject({ index: 0, source: { type: 'text', location: '' }, title: null, preview: null, state: 'failed', failure: { code: 'CORRUPT_DOCUMENT', message: errorTable.CORRUPT_DOCUMENT.title } });
    expect(open).toMatchObject({ source: { location: 'open' }, title: 'open', failure: { message: 'open has no bytes.' } });
    expect(tellsIt(hidden)).toBe(false);
    expect((await documentsFor('hidden-a', jobId, ['board', 'other']))[0]).toMatchObject({ source: { location: secret }, title: secret, failure: { message: `"${secret}.pdf" is damaged.` } });
  });

  it('is a dead letter without source, message and artifacts, and no example of its kind', async () => {
    await failedJob('hidden-b');
    const list = async (policies: string[]) => (await reports.listDeadLetters({ tenant: 'hidden-b', policies }, {}, undefined, 9)).deadLetters;
    const hidden = (await list([])).find(({ index }) => index === 0);
    expect(hidden).toMatchObject({ source: { location: '' }, artifacts: [], failure: { code: 'CORRUPT_DOCUMENT' } });
    const summary = (policies: string[]) => reports.summariseDeadLetters({ tenant: 'hidden-b', policies });
    expect([tellsIt(await list([])), tellsIt(await summary([]))]).toEqual([false, false]);
    expect((await summary([])).total).toBe(2);
    expect((await list(['board'])).find(({ index }) => index === 0)).toMatchObject({ source: { location: secret }, artifacts: [{ kind: 'raw' }] });
    expect(tellsIt(await summary(['board']))).toBe(true);
  });

  it('is not told of in what all who see the job see: its examples of failures and its events', async () => {
    const jobId = await failedJob('hidden-c');
    const job = await jobs.find('hidden-c', jobId);
    expect(job?.failures.map(({ code, example }) => [code, example])).toEqual([['CORRUPT_DOCUMENT', errorTable.CORRUPT_DOCUMENT.title], ['EMPTY_DOCUMENT', 'open has no bytes.']]);
    const events = await jobs.listEvents('hidden-c', jobId, undefined, 100);
    expect(tellsIt(events)).toBe(false);
    expect(events.map(({ failure }) => failure?.message)).toContain('open has no bytes.');
  });

  it('goes by labels that were set by hand, before those of the request, and by those of what it is attached to', async () => {
    const jobId = await failedJob('hidden-d');
    const [{ documentId = '' } = {}] = await documentsFor('hidden-d', jobId, ['board']);
    const label = (labels: string[] | null) =>
      database.withTenant('hidden-d', (transaction) =>
        sql`insert into documents (tenant, id, source_key, ingested_policies, set_policies) values ('hidden-d', ${documentId}, 'k', '{board}', ${labels}::text[]) on conflict (tenant, id) do update set set_policies = ${labels}::text[]`.execute(transaction),
      );
    const seenBy = async (policies: string[]) => (await documentsFor('hidden-d', jobId, policies))[0]?.title ?? null;
    await label(['legal']);
    expect([await seenBy(['board']), await seenBy(['legal'])]).toEqual([null, secret]);
    await label([]);
    expect(await seenBy([])).toBe(secret);
    await label(null);
    expect([await seenBy([]), await seenBy(['board'])]).toEqual([null, secret]);
    const childJob = await failedJob('hidden-d', []);
    await database.withTenant('hidden-d', (transaction) => sql`update job_documents set document_id = gen_random_uuid(), parent_id = ${documentId} where tenant = 'hidden-d' and job_id = ${childJob} and index = 0`.execute(transaction));
    expect((await documentsFor('hidden-d', childJob, []))[0]?.title).toBeNull();
    expect((await documentsFor('hidden-d', childJob, ['board']))[0]?.title).toBe(secret);
  });
});
