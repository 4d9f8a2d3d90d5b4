import { BrokenCircuitError, circuitBreaker, CircuitState as PolicyState, DelegateBackoff, handleWhen } from 'cockatiel';
import type { FailureReason } from 'cockatiel';
import { CatalystError, toCatalystError } from '../../../contracts/errors.ts';
import type { CircuitState } from '../../../contracts/rerank.ts';
import { within } from '../../../contracts/within.ts';
import { BudgetSpent, CircuitOpen } from './guardFailures.ts';

export interface GuardSettings {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long it stays open the first time; twice as long after each trial that fails, up to `longestOpenMs`. */
  readonly openMs: number;
  readonly longestOpenMs: number;
}

export type CircuitListener = (state: CircuitState, openMs: number) => void;

/** How the last call ended that says something about the service. */
export interface LastCall {
  /** By performance.now(). */
  readonly at: number;
  readonly failure: CatalystError | undefined;
}

export interface Guard {
  /** Makes the call within the time, if the circuit lets it through. Throws what the call throws, CircuitOpen, BudgetSpent. */
  run<Result extends object>(timeoutMs: number, call: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  readonly lastCall: LastCall | undefined;
}

const stateNames = { [PolicyState.Closed]: 'closed', [PolicyState.HalfOpen]: 'half-open', [PolicyState.Open]: 'open', [PolicyState.Isolated]: 'open' } as const satisfies Record<PolicyState, CircuitState>;

/**
 * A time budget and a circuit breaker around all calls of one service. The circuit opens after failures in a row, or at once where the
 * other side asks to wait, and for at least so long; then one call tries, while others are refused, and its success closes the circuit.
 */
export function createGuard({ failures, openMs, longestOpenMs }: GuardSettings, onChange: CircuitListener): Guard {
  let lastCall: LastCall | undefined;
  let lastFailure: CatalystError | undefined;
  let failuresInARow = 0;
  let pauseMs = 0;
  const policy = circuitBreaker(handleWhen(saysSomething), {
    breaker: {
      state: undefined,
      success: () => void (failuresInARow = 0),
      failure: () => askedToWaitMs(policy.lastFailure) > 0 || (failuresInARow += 1) >= failures,
    },
    halfOpenAfter: new DelegateBackoff(({ attempt, result }) => (pauseMs = Math.max(askedToWaitMs(result), Math.min(openMs * 2 ** (attempt - 1), longestOpenMs)))),
  });
  policy.onStateChange((state) => {
    failuresInARow = 0;
    onChange(stateNames[state], state === PolicyState.Open ? pauseMs : 0);
  });

  return {
    get lastCall() {
      return lastCall;
    },
    async run(timeoutMs, call) {
      // The policy lets callers wait for the trial; a search has no time for that.
      if (policy.state === PolicyState.HalfOpen) throw new CircuitOpen(lastFailure);
      try {
        const result = await policy.execute(() => withinBudget(timeoutMs, call));
        lastCall = { at: performance.now(), failure: undefined };
        return result;
      } catch (thrown) {
        if (thrown instanceof BrokenCircuitError) throw new CircuitOpen(lastFailure);
        const failure = toCatalystError(thrown);
        if (!saysSomething(failure)) throw failure;
        lastFailure = failure;
        lastCall = { at: performance.now(), failure };
        throw failure;
      }
    },
  };
}

/** A request that the service would not take is of one caller's making, and must not close it to the others. */
function saysSomething(failure: unknown): boolean {
  return toCatalystError(failure).code !== 'RERANKER_REQUEST_REFUSED';
}

/** The result of the call, or BudgetSpent after the time; the call's signal aborts then, and whatever it still does is of no effect. */
async function withinBudget<Result extends object>(timeoutMs: number, call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const result = await within(timeoutMs, call(controller.signal));
  if (result !== undefined) return result;
  const spent = new BudgetSpent(`The reranker did not answer within ${Math.round(timeoutMs)} ms.`);
  controller.abort(spent);
  throw spent;
}

function askedToWaitMs(reason: FailureReason<unknown> | undefined): number {
  return reason !== undefined && 'error' in reason && reason.error instanceof CatalystError ? (reason.error.retryAfterMs ?? 0) : 0;
}
