import { continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import { auditing } from './activityProxies.ts';
import { executeOnce } from './executeOnce.ts';
import { consistencyWorkflowId, shownAs } from './names.ts';

export interface AuditTenantsInput {
  readonly deep: boolean;
  /** The last tenant of an earlier run; tenants come in order. */
  readonly after?: string;
  /** Names this audit of all; the first run names it. */
  readonly audit?: string;
}

const tenantsPerRun = 200;

/** Audits one tenant after the other and mends what is found; one whose audit fails holds up no other, and is audited again the next time. */
export async function auditTenants({ deep, after, audit = workflowInfo().runId }: AuditTenantsInput): Promise<void> {
  const tenants = await auditing.listTenants(after ?? null, tenantsPerRun);
  for (const tenant of tenants) await auditTenant(tenant, audit, deep);
  const last = tenants.at(-1);
  if (last !== undefined && tenants.length === tenantsPerRun) await continueAsNew<typeof auditTenants>({ deep, after: last, audit });
}

async function auditTenant(tenant: string, audit: string, deep: boolean): Promise<void> {
  try {
    const scope = await auditing.acceptAudit(tenant, audit, deep);
    await executeOnce('auditIndex', { workflowId: consistencyWorkflowId(tenant, scope.auditId), args: [{ scope }], typedSearchAttributes: shownAs(tenant, 'consistency'), priority: { fairnessKey: tenant } });
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
  }
}
