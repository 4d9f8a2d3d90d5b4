import type { WorkPrincipal } from '../../contracts/workPrincipal.ts';
import { isPartOf, tenantOfWorkflow } from '../../contracts/workflowIds.ts';
import { workOf } from './activityWork.ts';
import type { PlatformWork } from './activityWork.ts';

/** An activity that a workflow asks for. */
export interface AskedActivity {
  readonly activity: string;
  readonly args: readonly unknown[];
  readonly workflowId: string;
  readonly namespace: string;
}

/** Where the work of tenants runs. */
export interface Namespaces {
  /** Of all tenants without one of their own. Work of those may still be ending in it. */
  readonly common: string;
  readonly of: (tenant: string) => string;
}

/**
 * Why an activity may not be done for a principal; undefined: it may. Tenant and work must be the same in three places that whoever starts a
 * workflow by hand writes one by one: the signed principal, the input of the activity and the id of the workflow.
 */
export function refusalOf(principal: WorkPrincipal, asked: AskedActivity, namespaces: Namespaces): string | undefined {
  const work = workOf(asked.activity, asked.args);
  if (work === undefined) return 'the activity names no work';
  if ('platform' in work) return platformRefusal(principal, work, asked.workflowId);
  if (principal.kind !== 'tenant') return 'the platform may not do it';
  if (work.tenant !== principal.tenant) return 'its input is of another tenant than its principal';
  if (tenantOfWorkflow(asked.workflowId) !== principal.tenant) return 'its workflow is of another tenant than its principal';
  if (asked.namespace !== namespaces.common && asked.namespace !== namespaces.of(principal.tenant)) return 'its namespace is that of another tenant';
  if (work.workflowId !== principal.workflowId) return 'its principal is for other work';
  if (work.subject !== undefined && work.subject !== principal.subject) return 'its input names another subject than its principal';
  return undefined;
}

function platformRefusal(principal: WorkPrincipal, { platform }: PlatformWork, workflowId: string): string | undefined {
  if (principal.kind !== 'platform') return 'only the platform may do it';
  return platform.includes(principal.workflowId) && isPartOf(workflowId, principal.workflowId) ? undefined : 'its principal is for other work';
}
