import { sql } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { DryRunContent } from '../../../ports/dryRunContent.ts';
import { distinctRanges, findUses, meetsAny } from '../sweeps/artifactUses.ts';
import type { Database } from '../database.ts';

interface OriginRow {
  readonly index: number;
  readonly reference: ArtifactReference | null;
}

export function createDryRunContent(database: Database): DryRunContent {
  return {
    async listErasable(tenant, jobId, after, limit) {
      return database.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<OriginRow>`
          select index, specification->'origin'->'reference' as reference from job_documents
          where tenant = ${tenant} and job_id = ${jobId} and index > ${after}
            and exists (select from jobs where jobs.tenant = ${tenant} and jobs.id = ${jobId} and dry_run)
          order by index limit ${limit}`.execute(transaction);
        const ranges = distinctRanges(rows.flatMap(({ reference }) => (reference === null ? [] : [reference])));
        const uses = await findUses(transaction, tenant, [...new Set(ranges.map(({ uri }) => uri))]);
        const isUsed = meetsAny(uses, (use) => !(use.by === 'request' && use.jobId === jobId));
        return { erasable: ranges.filter((range) => !isUsed(range)), last: rows.at(-1)?.index ?? null };
      });
    },
  };
}
