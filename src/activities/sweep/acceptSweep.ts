import { v5 } from 'uuid';
import { documentIdOf } from '../../contracts/identifiers.ts';
import type { SweepScope } from '../../contracts/ingestion.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { isHere, requireHere } from '../namespaceTenants.ts';

type AcceptDependencies = Pick<ActivityDependencies, 'sweeps' | 'namespaceOf'>;

const scheduleSubject = 'schedule';

/** A page of all tenants whose work runs in the namespace of this activity, in order of name, after one of them. */
export async function listTenants({ sweeps, namespaceOf }: AcceptDependencies, after: string | null, limit: number): Promise<string[]> {
  const tenants = [...(await sweeps.listTenants())].sort((left, right) => (left < right ? -1 : 1));
  return tenants.filter((tenant) => isHere(namespaceOf, tenant) && (after === null || tenant > after)).slice(0, limit);
}

/** Accepts the sweep of a tenant as part of a sweep of all; the same one again makes no other. */
export async function acceptSweep({ sweeps, namespaceOf }: AcceptDependencies, tenant: string, sweepOfAll: string): Promise<SweepScope> {
  requireHere(namespaceOf, tenant);
  const id = v5(sweepOfAll, documentIdOf(tenant, 'sweep'));
  await sweeps.accept({ tenant, subject: scheduleSubject }, { id, workflowId: `sweep/${tenant}/${id}`, dryRun: false });
  return { tenant, sweepId: id };
}
