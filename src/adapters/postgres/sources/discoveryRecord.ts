import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { documentIdOf } from '../../../contracts/identifiers.ts';
import type { DiscoveryRegistry } from '../../../ports/discoveryRegistry.ts';
import type { JobSource } from '../../../ports/jobRegistry.ts';
import type { DiscoveredDocument, DiscoveryStep, UnreadableDocument } from '../../../ports/sourceDiscovery.ts';
import { appendDocuments } from '../jobs/appendDocuments.ts';
import type { Appended, Joining } from '../jobs/appendDocuments.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { lockSteered } from '../jobs/steeredJob.ts';
import type { SteeredJob } from '../jobs/steeredJob.ts';

/** Sentences beyond these say nothing new, and the row of a job stays small. */
const mostGaps = 100;

export function createDiscoveryRecord(database: Database): Pick<DiscoveryRegistry, 'record'> {
  return {
    async record(tenant, jobId, { source, step: number }, step) {
      return database.withTenant(tenant, async (transaction) => {
        const job = await lockSteered(transaction, tenant, jobId);
        if (job.discovery_state !== 'running') return { added: 0, finished: true };
        if (job.discovery_step !== number) return { added: 0, finished: false };
        const most = mostDocuments(source);
        const appended = await appendDocuments(transaction, job, joiningOf(tenant, source, step), most - job.discovery_found);
        await advanceFrontier(transaction, job, step);
        const found = job.discovery_found + appended.added;
        const ending = { isRead: step.done && !(await hasPending(transaction, job)), isFull: appended.left > 0 || found >= most };
        const finished = ending.isRead || ending.isFull;
        if (finished) await forgetLooked(transaction, job);
        await keepPosition(transaction, job, { step, found, finished, gaps: gapsAfter(job, step, most, ending, appended) });
        return { added: appended.added, finished };
      });
    },
  };
}

function mostDocuments({ definition }: JobSource): number {
  return definition.type === 'pages' ? Number.MAX_SAFE_INTEGER : definition.maximumDocuments;
}

function joiningOf(tenant: string, source: JobSource, step: DiscoveryStep): Joining[] {
  return [
    ...step.documents.map((document) => ({ document: specify(tenant, source, document, document), failure: null })),
    ...step.unreadable.map((document) => ({ document: specify(tenant, source, document, { origin: originOf(document) }), failure: document.failure })),
  ];
}

function specify(tenant: string, source: JobSource, { sourceKey, source: place }: Pick<DiscoveredDocument, 'sourceKey' | 'source'>, { origin, title, bytes }: Pick<DiscoveredDocument, 'origin' | 'title' | 'bytes'>): Joining['document'] {
  return {
    documentId: documentIdOf(tenant, sourceKey),
    sourceKey,
    source: place,
    origin,
    ...source.attributes,
    ...(title === undefined ? {} : { title }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(source.sourceId === null ? {} : { sourceId: source.sourceId }),
  };
}

/** Where a retry looks for what could not be had. */
function originOf({ source }: UnreadableDocument): DiscoveredDocument['origin'] {
  return source.type === 'url' ? { type: 'url', url: source.location } : { type: 'artifact', uri: `s3://${source.location}` };
}

async function advanceFrontier(transaction: Transaction<Schema>, job: SteeredJob, { found, visited }: DiscoveryStep): Promise<void> {
  if (found.length > 0) {
    await sql`
      insert into discovered_addresses (tenant, job_id, address, depth)
      select ${job.tenant}, ${job.id}, entry->>'address', (entry->>'depth')::integer from jsonb_array_elements(${JSON.stringify(found)}::jsonb) with ordinality as entries (entry, place) order by place
      on conflict do nothing`.execute(transaction);
  }
  if (visited.length === 0) return;
  await sql`
    insert into discovered_addresses (tenant, job_id, address, depth, looked) select ${job.tenant}, ${job.id}, unnest(${[...new Set(visited)]}::text[]), 0, true
    on conflict (job_id, address) do update set looked = true`.execute(transaction);
}

async function hasPending(transaction: Transaction<Schema>, job: SteeredJob): Promise<boolean> {
  const row = await transaction.selectFrom('discovered_addresses').select('address').where('tenant', '=', job.tenant).where('job_id', '=', job.id).where('looked', '=', false).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** What was looked at served to recognise it when it was found again. */
async function forgetLooked(transaction: Transaction<Schema>, job: SteeredJob): Promise<void> {
  await transaction.deleteFrom('discovered_addresses').where('tenant', '=', job.tenant).where('job_id', '=', job.id).where('looked', '=', true).execute();
}

interface Ending {
  /** Nothing is left to ask. */
  readonly isRead: boolean;
  /** No more documents may join. */
  readonly isFull: boolean;
}

/** A source that was read to the end with exactly as many documents as allowed lacks nothing. */
function gapsAfter(job: SteeredJob, step: DiscoveryStep, most: number, { isRead, isFull }: Ending, { left }: Appended): string[] {
  const gaps = [...new Set([...job.discovery_gaps, ...step.gaps])];
  const limit = `The limit of ${most} documents was reached`;
  if (isFull && (left > 0 || !isRead) && !gaps.some((gap) => gap.startsWith(limit))) gaps.push(`${limit}; the source has more.`);
  return gaps.slice(0, mostGaps);
}

interface Position {
  readonly step: DiscoveryStep;
  readonly found: number;
  readonly finished: boolean;
  readonly gaps: readonly string[];
}

async function keepPosition(transaction: Transaction<Schema>, job: SteeredJob, { step, found, finished, gaps }: Position): Promise<void> {
  await transaction
    .updateTable('jobs')
    .set({
      discovery_cursor: JSON.stringify(step.cursor ?? null),
      discovery_step: job.discovery_step + 1,
      discovery_found: found,
      discovery_gaps: JSON.stringify(gaps),
      discovery_state: finished ? 'finished' : 'running',
    })
    .where('tenant', '=', job.tenant)
    .where('id', '=', job.id)
    .execute();
}
