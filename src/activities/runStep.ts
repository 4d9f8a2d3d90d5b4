import type { EventSink } from '../contracts/events.ts';
import { withHeartbeat } from './activityContext.ts';
import type { ActivityContext } from './activityContext.ts';
import { toTemporalFailure } from './retries/temporalFailure.ts';

export type RunStep = <Result>(step: (context: ActivityContext) => Promise<Result>) => Promise<Result>;

/** Runs a step as a Temporal activity: with heartbeats, and with failures as Temporal and the retry table want them. */
export function createRunStep(emit: EventSink): RunStep {
  return async (step) => {
    try {
      return await withHeartbeat(step);
    } catch (thrown) {
      throw toTemporalFailure(thrown, emit);
    }
  };
}
