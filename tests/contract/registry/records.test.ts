import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beginSweep } from '../../../src/activities/sweep/beginSweep.ts';
import { finishSweep } from '../../../src/activities/sweep/finishSweep.ts';
import { sweepPage } from '../../../src/activities/sweep/sweepPage.ts';
import { createSweepRegistry } from '../../../src/adapters/postgres/sweeps/sweepRegistry.ts';
import { createVault } from '../../../src/adapters/postgres/vault/vault.ts';
import { digestOfJson, documentIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import { retentionPolicySchema } from '../../../src/contracts/sweeps.ts';
import type { RecordCounts, RetentionPolicy, SweepReport } from '../../../src/contracts/sweeps.ts';
import type { SweepRegistry } from '../../../src/ports/sweepRegistry.ts';
import { context } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
let tenant: string;
let number = 0;
beforeAll(async () => {
  shelf = await openShelf();
}, 600_000);
afterAll(() => shelf.close());
beforeEach(() => void (tenant = `records-${(number += 1)}`));

/** The registry as it will judge in so many days. */
const inDays = (days: number): SweepRegistry => createSweepRegistry(shelf.database, { now: () => new Date(Date.now() + days * 86_400_000) });
const keep = (policy: Partial<RetentionPolicy>) => inDays(0).writeRetention(tenant, retentionPolicySchema.parse({ replacedVersionDays: null, failedArtifactDays: null, uploadDays: null, jobDays: null, logDays: null, ...policy }));

interface SweepOptions {
  readonly dryRun?: boolean;
  /** Of the removal of records: the first tries are cut off after so many steps. */
  readonly cutOffAfter?: readonly number[];
}

async function sweep(days: number, { dryRun = false, cutOffAfter = [] }: SweepOptions = {}): Promise<SweepReport> {
  const sweepId = newIdentifier();
  const [scope, sweeps] = [{ tenant, sweepId }, inDays(days)];
  const dependencies = { sweeps, artifacts: shelf.artifacts, index: shelf.index, emit: () => undefined };
  await sweeps.accept({ tenant, subject: 'sweeper' }, { id: sweepId, workflowId: `sweep/${tenant}/${sweepId}`, dryRun });
  await beginSweep(dependencies, scope);
  let cursor: string | null = null;
  for (let page = 0; page === 0 || cursor !== null; page += 1) ({ next: cursor } = await sweepPage(dependencies, scope, cursor, page, context));
  for (const steps of cutOffAfter) {
    let done = 0;
    const cut = sweeps.sweepRecords(tenant, sweepId, () => {
      if ((done += 1) > steps) throw new Error('cut off');
    });
    await cut.catch(() => undefined);
  }
  return (await finishSweep(dependencies, scope, context))!;
}

const none: RecordCounts = { jobs: 0, requests: 0, versions: 0, events: 0, addresses: 0, reports: 0, vaultEntries: 0 };
const write = async (key: string, text: string, sourceId?: string) => (await shelf.ingest(tenant, [{ key, text, ...(sourceId === undefined ? {} : { sourceId }) }])).jobId;
const jobExists = async (jobId: string): Promise<boolean> => (await shelf.jobs.find(tenant, jobId)) !== undefined;
const rowsOf = async (table: 'job_events' | 'job_documents' | 'versions' | 'sweeps' | 'consistency_audits' | 'discovered_addresses'): Promise<number> =>
  Number((await shelf.database.withTenant(tenant, (transaction) => sql<{ n: string }>`select count(*) as n from ${sql.table(table)} where tenant = ${tenant}`.execute(transaction))).rows[0]?.n);

/** A job whose only document failed. */
async function failing(key: string): Promise<string> {
  const { jobId } = await shelf.accept(tenant, [{ key, text: 'broken' }]);
  const failure = { code: 'EMPTY_DOCUMENT', message: 'The document has no bytes.', remedy: 'Send text.' } as const;
  await shelf.jobs.finishDocuments(tenant, jobId, [{ index: 0, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [], failure }]);
  await shelf.jobs.finishJob(tenant, jobId);
  return jobId;
}

describe('records', () => {
  it('of jobs go with time, but for what tells of versions that are kept; a dry run counts the same and removes nothing', async () => {
    const [first, failed, second] = [await write('id:a', 'before'), await failing('id:b'), await write('id:c', 'visible')];
    await keep({ jobDays: 100 });
    expect((await sweep(99)).records).toEqual(none);
    const [dry, rows] = [await sweep(101, { dryRun: true }), await rowsOf('job_events')];
    expect(dry).toMatchObject({ removed: null, records: { jobs: 1, requests: 1, events: 3 } });
    expect([await jobExists(failed), await rowsOf('job_events')]).toEqual([true, rows]);
    const report = await sweep(101);
    expect(report.records).toEqual(dry.records);
    expect([await jobExists(first), await jobExists(failed), await jobExists(second)]).toEqual([true, false, true]);
    expect([await rowsOf('job_documents'), await rowsOf('job_events')]).toEqual([2, rows - 3]);
    expect((await sweep(101)).records).toEqual(none);
  });

  it('of a version stay as long as it has artifacts, since they say who may read it', async () => {
    const before = await write('id:a', 'before');
    await write('id:a', 'now');
    await keep({ jobDays: 10, replacedVersionDays: 50 });
    expect((await sweep(40)).records).toEqual(none);
    expect(await jobExists(before)).toBe(true);
    // The artifacts go, and with them version, request and job.
    expect((await sweep(51)).records).toMatchObject({ versions: 1, requests: 1, jobs: 1 });
    expect([await jobExists(before), await rowsOf('versions')]).toEqual([false, 1]);
    const { rows } = await shelf.database.withTenant(tenant, (transaction) => sql`select from job_tallies where tenant = ${tenant} and job_id = ${before}`.execute(transaction));
    expect(rows).toEqual([]);
    expect((await shelf.library.history(tenant, documentIdOf(tenant, 'id:a')))!.versions).toHaveLength(1);
  });

  it('of what brought a visible document last stay, and of the last run of a source', async () => {
    const sourceId = newIdentifier();
    await write('id:a', 'same', sourceId);
    const again = await shelf.accept(tenant, [{ key: 'id:a', text: 'same', sourceId }]);
    await shelf.jobs.finishDocuments(tenant, again.jobId, [{ index: 0, state: 'succeeded', outcome: 'unchanged', versionId: null, chunks: 2, pages: null, lostPages: [], failure: null }]);
    await shelf.jobs.finishJob(tenant, again.jobId);
    await keep({ jobDays: 10 });
    expect((await sweep(11)).records).toEqual(none);
    const third = await shelf.accept(tenant, [{ key: 'id:a', text: 'same', sourceId }]);
    await shelf.jobs.finishDocuments(tenant, third.jobId, [{ index: 0, state: 'succeeded', outcome: 'unchanged', versionId: null, chunks: 2, pages: null, lostPages: [], failure: null }]);
    await shelf.jobs.finishJob(tenant, third.jobId);
    expect((await sweep(11)).records).toMatchObject({ jobs: 1, requests: 1 });
    expect([await jobExists(again.jobId), await jobExists(third.jobId)]).toEqual([false, true]);
  });

  it('of work that is not finished are left alone, however old', async () => {
    const { jobId } = await shelf.accept(tenant, [{ key: 'id:waits', text: 'waits' }]);
    await keep({ jobDays: 0, logDays: 0 });
    const events = await rowsOf('job_events');
    expect((await sweep(10_000)).records).toEqual(none);
    expect([await jobExists(jobId), await rowsOf('job_events')]).toEqual([true, events]);
  });

  it('are kept for a day whatever the policy says, and for ever where it says so', async () => {
    await failing('id:a');
    await keep({ jobDays: 0, logDays: 0 });
    expect((await sweep(0.9)).records).toEqual(none);
    await keep({});
    expect((await sweep(30_000)).records).toEqual(none);
    await keep({ jobDays: 0, logDays: 0 });
    expect((await sweep(1.1)).records).toMatchObject({ jobs: 1 });
  });

  it('of what happened go by a time of their own: events, addresses and reports', async () => {
    const jobId = await write('id:a', 'visible');
    await shelf.database.withTenant(tenant, (transaction) => sql`insert into discovered_addresses (tenant, job_id, address, depth) values (${tenant}, ${jobId}, 'https://site.test/', 0)`.execute(transaction));
    await shelf.database.withTenant(tenant, (transaction) => sql`insert into consistency_audits (tenant, id, subject, dry_run, deep, workflow_id, state, finished_at) values (${tenant}, ${newIdentifier()}, 'x', false, false, 'x', 'finished', now())`.execute(transaction));
    await keep({ logDays: 20 });
    await sweep(19);
    const events = await rowsOf('job_events');
    expect(events).toBeGreaterThan(0);
    expect((await sweep(21)).records).toEqual({ ...none, events, addresses: 1, reports: 2 });
    expect([await rowsOf('job_events'), await rowsOf('discovered_addresses'), await rowsOf('consistency_audits'), await rowsOf('sweeps'), await jobExists(jobId)]).toEqual([0, 0, 0, 1, true]);
  });

  it('are counted once, however often the work was cut off, and the receipt holds', async () => {
    for (const key of ['id:a', 'id:b', 'id:c']) await failing(key);
    await sweep(0);
    await keep({ jobDays: 5, logDays: 5 });
    const report = await sweep(6, { cutOffAfter: [0, 1, 3] });
    expect(report.records).toMatchObject({ jobs: 3, requests: 3, reports: 1 });
    const { digest, ...body } = report;
    expect(report.removed).toMatch(/^sha256:/);
    expect(digest).toBe(digestOfJson(body));
    const quiet = await sweep(0);
    expect([quiet.records, quiet.removed]).toEqual([none, null]);
  });

  it('of the vault go with the text of the versions that used them', async () => {
    const vault = createVault(shelf.database, { keys: [{ id: 'k', key: new Uint8Array(32).fill(1) }], nameKey: new Uint8Array(32).fill(2) })!;
    const ingestion = await shelf.accept(tenant, [{ key: 'id:a', text: 'old' }]);
    await shelf.acquire(tenant, ingestion);
    const { documentId, versionId, sequence } = ingestion.progress[0] as { documentId: string; versionId: string; sequence: number };
    const name = vault.namesOf(tenant).nameOf('email', 'jane@example.org');
    await vault.keep(tenant, ingestion.jobId, [{ documentId, versionId, sequence, values: [{ name, kind: 'email', value: 'jane@example.org' }] }]);
    const isKept = async (): Promise<boolean> => (await vault.reveal({ tenant, policies: 'all' }, [name])).length === 1;
    await keep({ replacedVersionDays: 20 });
    // In work, and not yet a version.
    expect((await sweep(30)).records).toEqual(none);
    await shelf.make(tenant, ingestion);
    await shelf.write(tenant, ingestion);
    await shelf.publish(tenant, ingestion);
    expect([(await sweep(30)).records, await isKept()]).toEqual([none, true]);
    await write('id:a', 'new');
    expect([(await sweep(19)).records, await isKept()]).toEqual([none, true]);
    expect([(await sweep(21)).records, await isKept()]).toEqual([{ ...none, vaultEntries: 1 }, false]);
  });
});
