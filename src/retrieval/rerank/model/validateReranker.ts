import { toCatalystError } from '../../../contracts/errors.ts';
import type { EventSink } from '../../../contracts/events.ts';
import type { HealthCheck } from '../../../ports/healthCheck.ts';

/**
 * Asks a reranker once, at start. Throws where no waiting mends it (RERANKER_REJECTED, RERANKER_REQUEST_REFUSED): a wrong key, address or
 * model. Any other failure is told as an event, and the process starts without the reranker.
 */
export async function validateReranker(health: HealthCheck, emit: EventSink): Promise<void> {
  try {
    await health.check(new AbortController().signal);
  } catch (thrown) {
    const error = toCatalystError(thrown);
    if (!error.class.retryable) throw error;
    emit({ type: 'dependency.failed', dependency: health.name, code: error.code, detail: `${error.message} ${error.class.remedy}` });
  }
}
