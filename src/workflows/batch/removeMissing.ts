import type { JobScope } from '../../contracts/ingestion.ts';
import { settling } from '../activityProxies.ts';
import { runDeletion } from '../runDeletion.ts';

/** Deletes what the source no longer has, where it says so and was read to the end; several rounds where there is much of it. */
export async function removeMissing(scope: JobScope): Promise<void> {
  for (let removed = 0; ; ) {
    const missing = await settling.acceptMissing(scope, removed);
    if (missing === null) return;
    await runDeletion(missing.deletion);
    removed += missing.documents;
  }
}
