import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import { CircuitBreaker } from './circuitBreaker.ts';
import type { CircuitBreakerSettings, CircuitListener } from './circuitBreaker.ts';
import { withinBudget } from './timeBudget.ts';

export type GuardSettings = CircuitBreakerSettings;

const defaultSettings: GuardSettings = { failures: 5, openMs: 10_000, longestOpenMs: 120_000 };

/** No call was made: the code is that of the failure that opened the circuit. */
export class CircuitOpen extends CatalystError {
  constructor(failure: CatalystError | undefined) {
    super(failure?.code ?? 'RERANKER_UNAVAILABLE', `The reranker is not asked for now. ${failure?.message ?? ''}`.trim(), failure === undefined ? {} : { cause: failure });
  }
}

/** How the last call ended, unless its caller gave it up. */
export interface LastCall {
  /** By performance.now(). */
  readonly at: number;
  readonly failure: CatalystError | undefined;
}

export interface Guard {
  /** Makes the call within the time, if the circuit lets it through. Throws what the call throws, CircuitOpen, BudgetSpent, CANCELLED. */
  run<Result>(timeoutMs: number, caller: AbortSignal | undefined, call: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  readonly lastCall: LastCall | undefined;
}

/** A time budget and a circuit breaker around all calls of one service. */
export function createGuard(settings: Partial<GuardSettings>, onChange: CircuitListener): Guard {
  const breaker = new CircuitBreaker({ ...defaultSettings, ...definedOf(settings) }, onChange);
  let lastCall: LastCall | undefined;
  let lastFailure: CatalystError | undefined;

  return {
    get lastCall() {
      return lastCall;
    },
    async run(timeoutMs, caller, call) {
      const permit = breaker.enter();
      if (permit === undefined) throw new CircuitOpen(lastFailure);
      try {
        const result = await withinBudget(timeoutMs, caller, call);
        lastCall = { at: performance.now(), failure: undefined };
        permit.succeeded();
        return result;
      } catch (thrown) {
        const failure = toCatalystError(thrown);
        if (failure.code === 'CANCELLED') {
          permit.abandoned();
          throw failure;
        }
        lastFailure = failure;
        lastCall = { at: performance.now(), failure };
        permit.failed(failure.retryAfterMs);
        throw failure;
      }
    },
  };
}

function definedOf({ failures, openMs, longestOpenMs }: Partial<GuardSettings>): Partial<GuardSettings> {
  return { ...(failures === undefined ? {} : { failures }), ...(openMs === undefined ? {} : { openMs }), ...(longestOpenMs === undefined ? {} : { longestOpenMs }) };
}
