import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';

/**
 * Asks a reranker once, at start. Throws RERANKER_REJECTED, which no waiting mends: a wrong key, address or model. Any other failure is
 * told as an event, and the process starts without the reranker.
 */
export async function validateReranker(health: HealthCheck, emit: EventSink): Promise<void> {
  try {
    await health.check(new AbortController().signal);
  } catch (thrown) {
    const error = toCatalystError(thrown);
    const { remedy } = error.class;
    if (error.code === 'RERANKER_REJECTED') throw new CatalystError(error.code, `The reranker refuses to work for us, so the start ends here: ${error.message} ${remedy}`, { cause: error });
    emit({ type: 'dependency.failed', dependency: 'reranker', code: error.code, detail: `${error.message} ${remedy}` });
  }
}
