import { toCatalystError } from '../../contracts/errors.ts';
import type { ProviderEvent } from '../../ports/webhookVerifier.ts';
import type { ApiDependencies } from '../dependencies.ts';

/** Never rejects: a job that is not woken looks by itself a little later. */
export async function wakeJob({ workflowStarter, emit }: Pick<ApiDependencies, 'workflowStarter' | 'emit'>, { tenant, jobId }: ProviderEvent): Promise<void> {
  try {
    await workflowStarter.wake(tenant, jobId);
  } catch (thrown) {
    const error = toCatalystError(thrown);
    emit({ type: 'dependency.failed', dependency: 'temporal', code: error.code, detail: `Job ${jobId} was not woken by a webhook: ${error.message}` });
  }
}
