import type { ConsistencyScope, DeletionScope, JobScope, SweepScope } from '../../contracts/ingestion.ts';
import type { Granted, WorkPrincipal } from '../../contracts/workPrincipal.ts';
import { consistencyWorkflowId, deletionWorkflowId, jobWorkflowId, sweepWorkflowId } from '../../contracts/workflowIds.ts';
import type { Activities } from '../createActivities.ts';

type Sign = (principal: WorkPrincipal) => Promise<string>;
type Grants<Scope> = (scope: Scope) => Promise<Scope & Granted>;

interface GrantsOf {
  readonly job: Grants<JobScope>;
  readonly deletion: Grants<DeletionScope>;
  readonly sweep: Grants<SweepScope>;
  readonly audit: Grants<ConsistencyScope>;
}

/** Activities that accept further work, and where their result names it. */
const acceptances: { readonly [Name in keyof Activities]?: (result: Awaited<ReturnType<Activities[Name]>>, grants: GrantsOf) => Promise<unknown> } = {
  acceptSourceRun: async (run, { job }) => ({ ...run, scope: await job(run.scope) }),
  acceptSweep: (scope, { sweep }) => sweep(scope),
  acceptAudit: (scope, { audit }) => audit(scope),
  acceptMissing: async (missing, { deletion }) => missing && { ...missing, deletion: await deletion(missing.deletion) },
  undoPage: async (page, { job, deletion }) => ({ ...page, deletion: page.deletion && (await deletion(page.deletion)), restoring: page.restoring && (await job(page.restoring)) }),
};

/** The result of an activity with a grant in each scope of work that it accepted: signed for that work alone, and not for what accepted it. */
export async function withGrants(activity: string, result: unknown, subject: string, sign: Sign): Promise<unknown> {
  if (!Object.hasOwn(acceptances, activity)) return result;
  const grant = async <Scope extends { readonly tenant: string }>(scope: Scope, workflowId: string, by: string) => ({ ...scope, grant: await sign({ kind: 'tenant', tenant: scope.tenant, subject: by, workflowId }) });
  const accept = acceptances[activity as keyof Activities] as (result: unknown, grants: GrantsOf) => Promise<unknown>;
  return accept(result, {
    job: (scope) => grant(scope, jobWorkflowId(scope.tenant, scope.jobId), scope.subject),
    deletion: (scope) => grant(scope, deletionWorkflowId(scope.tenant, scope.deletionId), subject),
    sweep: (scope) => grant(scope, sweepWorkflowId(scope.tenant, scope.sweepId), subject),
    audit: (scope) => grant(scope, consistencyWorkflowId(scope.tenant, scope.auditId), subject),
  });
}
