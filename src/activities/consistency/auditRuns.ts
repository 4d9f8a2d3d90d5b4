import { v5 } from 'uuid';
import { bucketCount } from '../../consistency/buckets.ts';
import type { ConsistencyReport } from '../../contracts/consistency.ts';
import type { Failure } from '../../contracts/failure.ts';
import { documentIdOf } from '../../contracts/identifiers.ts';
import type { ConsistencyScope } from '../../contracts/ingestion.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { requireHere } from '../namespaceTenants.ts';

const scheduleSubject = 'schedule';

/** Accepts the audit of a tenant as part of an audit of all; the same one again makes no other. */
export async function acceptAudit({ consistency, namespaceOf }: Pick<ActivityDependencies, 'consistency' | 'namespaceOf'>, tenant: string, auditOfAll: string, deep: boolean): Promise<ConsistencyScope> {
  requireHere(namespaceOf, tenant);
  const id = v5(auditOfAll, documentIdOf(tenant, 'consistency'));
  await consistency.accept({ tenant, subject: scheduleSubject }, { id, workflowId: `consistency/${tenant}/${id}`, dryRun: false, deep });
  return { tenant, auditId: id };
}

/** Answers whether it is finished already, and in how many buckets the documents of the tenant are compared. */
export async function beginAudit({ consistency }: Pick<ActivityDependencies, 'consistency'>, { tenant, auditId }: ConsistencyScope): Promise<{ readonly finished: boolean; readonly buckets: number }> {
  const { state } = await consistency.begin(tenant, auditId);
  return { finished: state === 'finished', buckets: bucketCount(await consistency.countShown(tenant)) };
}

/** An audit that cannot go on: whoever waits for it hears of it. */
export async function failAudit({ consistency, emit }: Pick<ActivityDependencies, 'consistency' | 'emit'>, { tenant, auditId }: ConsistencyScope, { code, message }: Failure): Promise<void> {
  const { deep, state } = await consistency.fail(tenant, auditId);
  if (state === 'failed') emit({ type: 'consistency.failed', tenant, auditId, deep, code, detail: message });
}

/** Sums the pages up. */
export async function finishAudit({ consistency, emit }: Pick<ActivityDependencies, 'consistency' | 'emit'>, { tenant, auditId }: ConsistencyScope): Promise<ConsistencyReport | null> {
  const { report, dryRun, deep } = await consistency.finish(tenant, auditId);
  if (report !== null) {
    const { documents, points, objects, opened, found, mended, seconds } = report;
    emit({ type: 'consistency.audited', tenant, auditId, dryRun, deep, documents, points, objects, opened, found, mended, seconds });
  }
  return report;
}
