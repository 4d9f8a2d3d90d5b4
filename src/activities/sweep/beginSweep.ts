import type { SweepScope } from '../../contracts/ingestion.ts';
import type { SweepDependencies } from './dependencies.ts';

/** Answers whether it is finished already: then it needs no page more. */
export async function beginSweep({ sweeps }: Pick<SweepDependencies, 'sweeps'>, { tenant, sweepId }: SweepScope): Promise<{ readonly finished: boolean }> {
  const { state } = await sweeps.begin(tenant, sweepId);
  return { finished: state === 'finished' };
}
