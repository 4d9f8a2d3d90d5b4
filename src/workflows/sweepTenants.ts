import { continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import { sweeping } from './activityProxies.ts';
import { executeOnce } from './executeOnce.ts';
import { shownAs, sweepWorkflowId } from './names.ts';

export interface SweepTenantsInput {
  /** The last tenant of an earlier run; tenants come in order. */
  readonly after?: string;
  /** Names this sweep of all; the first run names it. */
  readonly sweep?: string;
}

const tenantsPerRun = 200;

/** Sweeps one tenant after the other by its own retention policy; one whose sweep fails holds up no other, and is swept again the next time. */
export async function sweepTenants({ after, sweep = workflowInfo().runId }: SweepTenantsInput): Promise<void> {
  const tenants = await sweeping.listTenants(after ?? null, tenantsPerRun);
  for (const tenant of tenants) await sweepTenant(tenant, sweep);
  const last = tenants.at(-1);
  if (last !== undefined && tenants.length === tenantsPerRun) await continueAsNew<typeof sweepTenants>({ after: last, sweep });
}

async function sweepTenant(tenant: string, sweep: string): Promise<void> {
  try {
    const scope = await sweeping.acceptSweep(tenant, sweep);
    await executeOnce('sweepArtifacts', { workflowId: sweepWorkflowId(tenant, scope.sweepId), args: [{ scope }], typedSearchAttributes: shownAs(tenant, 'sweep'), priority: { fairnessKey: tenant } });
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
  }
}
