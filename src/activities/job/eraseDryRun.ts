import type { JobScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';

const documentsPerPage = 500;

/** A dry run leaves no content behind: texts that came with the request and pages that were fetched to look for more are erased, unless something else has the same. */
export async function eraseDryRun({ dryRunContent, artifacts }: Pick<ActivityDependencies, 'dryRunContent' | 'artifacts'>, { tenant, jobId }: JobScope, context: ActivityContext): Promise<void> {
  for (let after = -1; ; ) {
    const { erasable, last } = await dryRunContent.listErasable(tenant, jobId, after, documentsPerPage);
    if (last === null) return;
    if (erasable.length > 0) await artifacts.erase(tenant, erasable);
    context.progress(last);
    after = last;
  }
}
