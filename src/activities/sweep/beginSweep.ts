import type { SweepScope } from '../../contracts/ingestion.ts';
import type { SweepDependencies } from './dependencies.ts';

/**
 * Answers whether it is finished already: then it needs no page more. A sweep that removes first takes versions out of the index that are
 * older than the history that is searched: whatever is still in there can be made again of its artifacts.
 */
export async function beginSweep({ sweeps, index, emit }: Pick<SweepDependencies, 'sweeps' | 'index' | 'emit'>, { tenant, sweepId }: SweepScope): Promise<{ readonly finished: boolean }> {
  const { state, dryRun } = await sweeps.begin(tenant, sweepId);
  const finished = state === 'finished';
  if (finished || dryRun) return { finished };
  const versions = await sweeps.releaseHistory(tenant, (replaced) => index.deleteKept(tenant, replaced));
  if (versions > 0) emit({ type: 'history.released', tenant, versions });
  return { finished };
}
