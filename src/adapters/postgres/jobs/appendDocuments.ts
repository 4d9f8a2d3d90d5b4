import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Failure } from '../../../contracts/failure.ts';
import type { AddedDocument } from '../../../ports/jobSteering.ts';
import type { JobRow } from './jobRows.ts';
import type { Schema } from '../schema.ts';

export interface Joining {
  readonly document: AddedDocument;
  /** Why it cannot be had: it joins as failed. */
  readonly failure: Failure | null;
}

export interface Appended {
  readonly added: number;
  /** New ones that were left out because the job may have no more. */
  readonly left: number;
}

/**
 * Documents that the job has not yet join it, in their order, under the next indexes; `most`: the first so many of them.
 * The caller holds the lock of the job, so that no index is given twice.
 */
export async function appendDocuments(transaction: Transaction<Schema>, job: Pick<JobRow, 'tenant' | 'id'>, joining: readonly Joining[], most = joining.length): Promise<Appended> {
  if (joining.length === 0) return { added: 0, left: 0 };
  const { tenant, id } = job;
  const { rows } = await sql<{ added: number; fresh: number }>`
    with wanted as (
      select entry->'document' as document, (entry->'document'->>'documentId')::uuid as document_id, nullif(entry->'failure', 'null'::jsonb) as failure, place
      from jsonb_array_elements(${JSON.stringify(joining)}::jsonb) with ordinality as entries (entry, place)
    ), fresh as (
      -- A limit keeps this a search of the index for each document, however many the job has.
      select distinct on (wanted.document_id) wanted.* from wanted left join lateral (
        select index from job_documents where job_documents.tenant = ${tenant} and job_id = ${id} and job_documents.document_id = wanted.document_id limit 1
      ) as known on true
      where known.index is null
      order by wanted.document_id, wanted.place
    ), numbered as (
      select *, (select coalesce(max(index), -1) from job_documents where tenant = ${tenant} and job_id = ${id}) + row_number() over (order by place)::integer as index from fresh
      order by place limit ${most}
    ), joined as (
      insert into job_documents (tenant, job_id, index, document_id, specification, source_id, parent_id, state, stage, failure, started_at, finished_at)
      select ${tenant}, ${id}, index, document_id, document || jsonb_build_object('index', index), (document->>'sourceId')::uuid, (document->>'parentId')::uuid,
        case when failure is null then 'queued' else 'failed' end, case when failure is not null then 'acquire' end, failure,
        case when failure is not null then now() end, case when failure is not null then now() end
      from numbered order by index
      returning index, document_id, failure
    ), announced as (
      insert into job_events (tenant, job_id, type, index, document_id, state, failure)
      select ${tenant}, ${id}, 'document', index, document_id, 'failed', failure from joined where failure is not null order by index
    ), counted as (
      update jobs set total = total + (select count(*) from joined) where tenant = ${tenant} and id = ${id}
    )
    select (select count(*) from joined)::integer as added, (select count(*) from fresh)::integer as fresh`.execute(transaction);
  const { added, fresh } = rows[0] ?? { added: 0, fresh: 0 };
  return { added, left: fresh - added };
}
