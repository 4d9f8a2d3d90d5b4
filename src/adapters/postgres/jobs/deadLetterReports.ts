import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { DeadLetter, DeadLetterSummary } from '../../../contracts/deadLetters.ts';
import type { ErrorCode } from '../../../contracts/errors.ts';
import { versionArtifactKinds } from '../../../contracts/library.ts';
import type { LibraryReader } from '../../../ports/library.ts';
import type { JobReports } from '../../../ports/jobReports.ts';
import type { Database } from '../database.ts';
import { deadLetterCondition } from './deadLetterCondition.ts';
import { hiddenSource } from './jobRows.ts';
import type { JobDocumentRow } from './jobRows.ts';
import { readableRequest, reducedFailure } from './readableRequest.ts';
import type { Schema } from '../schema.ts';
import { readCursor, writeCursor } from '../timeCursor.ts';

export function createDeadLetterReports(database: Database): Pick<JobReports, 'listDeadLetters' | 'summariseDeadLetters'> {
  return {
    async listDeadLetters(reader, selection, cursor, limit) {
      const { tenant } = reader;
      const before = cursor === undefined ? undefined : readCursor(cursor);
      const { rows } = await database.withTenant(tenant, (transaction) =>
        sql<JobDocumentRow & { readonly readable: boolean; readonly microseconds: string }>`
          select *, ${readableRequest(tenant, reader, 'dead')} as readable, (extract(epoch from finished_at) * 1000000)::bigint::text as microseconds from job_documents as dead
          where ${deadLetterCondition(tenant, selection)}
          ${before === undefined ? sql`` : sql`and (finished_at, job_id, index) < (${before.moment}, ${before.id}::uuid, ${before.index})`}
          order by finished_at desc, job_id desc, index desc limit ${limit + 1}`.execute(transaction),
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { deadLetters: page.flatMap(toDeadLetter), next: rows.length > limit && last !== undefined ? writeCursor(last.microseconds, last.job_id, last.index) : null };
    },

    async summariseDeadLetters(reader) {
      const groups = await database.withTenant(reader.tenant, (transaction) => readGroups(transaction, reader));
      return { total: groups.reduce((sum, { count }) => sum + count, 0), groups };
    },
  };
}

type Group = DeadLetterSummary['groups'][number];

interface GroupRow extends Omit<Group, 'firstAt' | 'lastAt'> {
  readonly code: ErrorCode;
  readonly first_at: Date;
  readonly last_at: Date;
}

/** Examples are of documents whose labels the reader holds; of a kind that has none, the pattern stands for one. */
async function readGroups(transaction: Transaction<Schema>, reader: LibraryReader): Promise<Group[]> {
  const { tenant } = reader;
  const { rows } = await sql<GroupRow>`
    select failure_code as code, failure_pattern(coalesce(failure->>'message', '')) as pattern, count(*)::integer as count, count(distinct job_id)::integer as jobs,
      coalesce(min(coalesce(failure->>'message', '')) filter (where ${readableRequest(tenant, reader, 'dead')}), failure_pattern(min(coalesce(failure->>'message', '')))) as example, min(coalesce(failure->>'remedy', '')) as remedy, min(finished_at) as first_at, max(finished_at) as last_at
    from job_documents as dead where ${deadLetterCondition(tenant, {})} group by 1, 2 order by 3 desc, 1, 2`.execute(transaction);
  return rows.map(({ first_at: first, last_at: last, ...group }) => ({ ...group, firstAt: first.toISOString(), lastAt: last.toISOString() }));
}

function toDeadLetter(row: JobDocumentRow & { readonly readable: boolean }): DeadLetter[] {
  const { failure, finished_at: failedAt, progress, readable } = row;
  const { source } = row.specification;
  if (failure === null || failedAt === null) return [];
  const made: Partial<Record<string, unknown>> = { ...progress };
  return [
    {
      jobId: row.job_id,
      index: row.index,
      documentId: row.document_id,
      source: readable ? source : hiddenSource(source),
      sourceId: row.source_id,
      stage: row.stage,
      failure: readable ? failure : reducedFailure(failure),
      rounds: row.rounds,
      failedAt: failedAt.toISOString(),
      artifacts: versionArtifactKinds.flatMap((kind) => (made[kind] === undefined || !readable ? [] : [{ kind, ...(made[kind] as Omit<DeadLetter['artifacts'][number], 'kind'>) }])),
    },
  ];
}
