import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import { errorTable } from '../../../contracts/errors.ts';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { Prices } from '../../../contracts/estimate.ts';
import type { Job } from '../../../contracts/jobs.ts';
import { toJob } from './jobRows.ts';
import { anybody, readableRequest } from './readableRequest.ts';
import type { JobRow } from './jobRows.ts';
import type { Schema } from '../schema.ts';

export async function readJob(transaction: Transaction<Schema>, tenant: string, jobId: string, prices: Prices): Promise<Job | undefined> {
  const row = await transaction.selectFrom('jobs').selectAll().where('tenant', '=', tenant).where('id', '=', jobId).executeTakeFirst();
  if (row === undefined) return undefined;
  const [job] = await summariseJobs(transaction, tenant, [row], prices);
  return job;
}

/** Jobs with their counts, in the same order; what it costs does not grow with their documents. */
export async function summariseJobs(transaction: Transaction<Schema>, tenant: string, rows: readonly JobRow[], prices: Prices): Promise<Job[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const tallies = groupByJob(
    await transaction.selectFrom('job_tallies').selectAll().where('tenant', '=', tenant).where('job_id', '=', sql<string>`any(${ids}::uuid[])`).where('documents', '>', 0).execute(),
  );
  const examples = groupByJob(await readExamples(transaction, tenant, [...tallies.values()].flat()));
  const pending = await countPending(transaction, tenant, rows);
  return rows.map((row) => {
    const own = tallies.get(row.id) ?? [];
    return toJob(row, { tallies: own, failures: toFailures(own, examples.get(row.id) ?? []), pending: pending.get(row.id) ?? 0 }, prices);
  });
}

type Tally = Selectable<Schema['job_tallies']>;

interface Example {
  readonly job_id: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly open: boolean;
}

/** The first failure of each code; its message where anybody in the tenant may read the document. */
async function readExamples(transaction: Transaction<Schema>, tenant: string, tallies: readonly Tally[]): Promise<Example[]> {
  const failed = tallies.filter(({ code }) => code !== '');
  if (failed.length === 0) return [];
  const { rows } = await sql<Example>`
    select distinct kind.job_id, kind.code, example.message, example.remedy, example.open
    from unnest(${failed.map((tally) => tally.job_id)}::uuid[], ${failed.map((tally) => tally.code)}::text[]) as kind (job_id, code)
    cross join lateral (
      select coalesce(failure->>'message', '') as message, coalesce(failure->>'remedy', '') as remedy, ${readableRequest(tenant, anybody, 'job_documents')} as open from job_documents
      where tenant = ${tenant} and job_documents.job_id = kind.job_id and failure_code = kind.code order by index limit 1
    ) as example`.execute(transaction);
  return rows;
}

function toFailures(tallies: readonly Tally[], examples: readonly Example[]): Job['failures'] {
  return examples
    .map(({ code, message, remedy, open }) => ({ code, count: countOf(tallies, code), example: open ? message : errorTable[code].title, remedy }))
    .sort((left, right) => right.count - left.count || (left.code < right.code ? -1 : 1));
}

function countOf(tallies: readonly Tally[], code: ErrorCode): number {
  return tallies.reduce((sum, tally) => (tally.code === code ? sum + tally.documents : sum), 0);
}

/** Addresses of each job's source that are known and not looked at. */
async function countPending(transaction: Transaction<Schema>, tenant: string, rows: readonly JobRow[]): Promise<ReadonlyMap<string, number>> {
  const reading = rows.filter((row) => row.discovery_state !== null).map(({ id }) => id);
  if (reading.length === 0) return new Map();
  const counts = await transaction
    .selectFrom('discovered_addresses')
    .select(['job_id', sql<string>`count(*)`.as('count')])
    .where('tenant', '=', tenant)
    .where('job_id', '=', sql<string>`any(${reading}::uuid[])`)
    .where('looked', '=', false)
    .groupBy('job_id')
    .execute();
  return new Map(counts.map(({ job_id: id, count }) => [id, Number(count)]));
}

function groupByJob<Row extends { readonly job_id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  return Map.groupBy(rows, (row) => row.job_id);
}
