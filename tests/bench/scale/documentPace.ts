import { sql } from 'kysely';
import type { Job } from '../../../src/contracts/jobs.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { FullStack } from '../../support/fullStack.ts';
import { round } from '../statistics.ts';

const mostParts = 10;
/** Documents end a slice at a time: fewer in a part would say how slices end, not how the job goes. */
const fewestInPart = 500;

/** Documents a second in each tenth of a job's documents, in the order in which they ended: whether the last cost more than the first. */
export async function measurePace(stack: FullStack, tenant: string, { id, counts }: Pick<Job, 'id' | 'counts'>): Promise<number[]> {
  const parts = Math.max(1, Math.min(mostParts, Math.floor(counts.total / fewestInPart)));
  const database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 1 });
  try {
    const { rows } = await database.withTenant(tenant, (transaction) =>
      sql<{ documents: number; until: number }>`
        with ended as (
          select extract(epoch from job_documents.finished_at - jobs.created_at)::double precision as at, ntile(${parts}::integer) over (order by job_documents.finished_at, index) as part
          from job_documents join jobs on jobs.id = job_documents.job_id where job_documents.tenant = ${tenant} and job_id = ${id})
        select count(*)::integer as documents, max(at) as until from ended group by part order by part`.execute(transaction),
    );
    return rows.map(({ documents, until }, part) => round(documents / (until - (rows[part - 1]?.until ?? 0)), 1));
  } finally {
    await database.close();
  }
}
