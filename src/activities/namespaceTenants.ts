import { CatalystError } from '../contracts/errors.ts';
import { currentActivity } from './activityContext.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Whether the work of the tenant runs in the namespace of this activity. */
export function isHere(namespaceOf: ActivityDependencies['namespaceOf'], tenant: string): boolean {
  return namespaceOf(tenant) === currentActivity()?.namespace;
}

/** Throws PRINCIPAL_REFUSED where it runs in another. */
export function requireHere(namespaceOf: ActivityDependencies['namespaceOf'], tenant: string): void {
  if (!isHere(namespaceOf, tenant)) throw new CatalystError('PRINCIPAL_REFUSED', `The work of the tenant ${tenant} runs in another namespace.`);
}
