import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { JobOwner, JobRegistry, NewJob } from '../../../ports/jobRegistry.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { requireActiveTenant } from '../tenants/requireActiveTenant.ts';
import { requestWork } from '../workOutbox.ts';

export function createJobAcceptance(database: Database): Pick<JobRegistry, 'accept'> {
  return {
    async accept(owner, job) {
      await database.withTenant(owner.tenant, async (transaction) => {
        await requireActiveTenant(transaction, owner.tenant);
        if (!(await insertJob(transaction, owner, job))) return;
        const { tenant, subject } = owner;
        await sql`
          insert into job_documents (tenant, job_id, index, document_id, specification, source_id, parent_id)
          select ${tenant}, ${job.jobId}, (document->>'index')::integer, (document->>'documentId')::uuid, document, (document->>'sourceId')::uuid, (document->>'parentId')::uuid
          from jsonb_array_elements(${JSON.stringify(job.documents)}::jsonb) as document`.execute(transaction);
        if (job.inProcess !== true) await requestWork(transaction, { id: job.jobId, kind: 'job', tenant, subject, workflowId: job.workflowId });
        await transaction.insertInto('tenants').values({ tenant }).onConflict((conflict) => conflict.doNothing()).execute();
      });
    },
  };
}

/** False where the job is there already. */
async function insertJob(transaction: Transaction<Schema>, { tenant, subject }: JobOwner, job: NewJob): Promise<boolean> {
  const { source, budget } = job;
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('jobs')
    .values({
      tenant, subject, id: job.jobId, workflow_id: job.workflowId, total: job.documents.length,
      source: source === undefined ? null : JSON.stringify(source),
      source_id: source?.sourceId ?? null,
      discovery_state: source === undefined ? null : 'running',
      budget: budget === undefined ? null : JSON.stringify(budget),
      concurrency: job.concurrency ?? null,
      dry_run: job.dryRun ?? false,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
