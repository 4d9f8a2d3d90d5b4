import type { SweepScope } from '../../contracts/ingestion.ts';
import type { SweepDependencies } from './dependencies.ts';

export async function beginSweep({ sweeps }: Pick<SweepDependencies, 'sweeps'>, { tenant, sweepId }: SweepScope): Promise<{ readonly dryRun: boolean }> {
  const { dryRun } = await sweeps.begin(tenant, sweepId);
  return { dryRun };
}
