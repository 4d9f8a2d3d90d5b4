import type { ActivityDependencies } from '../dependencies.ts';

/** Reads something from outside for a tenant when it has a fetch free, so that none takes all that the workers can fetch. Throws THROTTLED. */
export function withTenantFetch<Result>({ limiter, settings }: Pick<ActivityDependencies, 'limiter' | 'settings'>, tenant: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  return limiter.run([{ key: `tenant:${tenant}:fetch`, concurrency: settings.tenantFetches }], signal, work);
}
