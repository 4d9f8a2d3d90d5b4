import { sql } from 'kysely';
import type { JobOutbox } from '../../ports/jobOutbox.ts';
import type { Database } from './database.ts';

export function createJobOutbox(database: Database): JobOutbox {
  return {
    async list(olderThanSeconds, limit) {
      const rows = await database.withoutTenant((kysely) =>
        kysely.selectFrom('job_outbox').selectAll().where('created_at', '<=', sql<Date>`now() - make_interval(secs => ${olderThanSeconds})`).orderBy('created_at').limit(limit).execute(),
      );
      return rows.map((row) => ({ tenant: row.tenant, subject: row.subject, jobId: row.job_id, workflowId: row.workflow_id }));
    },
    async remove(jobId) {
      await database.withoutTenant((kysely) => kysely.deleteFrom('job_outbox').where('job_id', '=', jobId).execute());
    },
  };
}
