import type { ErrorCode } from '../../contracts/errors.ts';
import { retryClassOf, retryTable } from './retryTable.ts';
import type { RetryClass, RetryRule } from './retryTable.ts';

/** What the tries of an activity came to so far, by class; it travels from one try to the next in the details of heartbeats. */
export type RetryRecord = Partial<Record<RetryClass, { readonly failures: number; readonly since: number }>>;

export interface RetryDecision {
  /** undefined: the failure stands. */
  readonly waitMs: number | undefined;
  readonly record: RetryRecord;
}

const leastMs = 100;

/** Whether a step that failed is tried again, and when. `now` in ms since 1970. */
export function decideRetry(code: ErrorCode, retryAfterMs: number | undefined, record: RetryRecord, now: number): RetryDecision {
  const name = retryClassOf(code);
  if (name === undefined) return { waitMs: undefined, record };
  const rule: RetryRule = retryTable[name];
  const { failures, since } = { failures: (record[name]?.failures ?? 0) + 1, since: record[name]?.since ?? now };
  // A server that asks for no pause at all gets a short one.
  const waitMs = Math.max(leastMs, Math.ceil(retryAfterMs ?? Math.min(rule.firstMs * rule.factor ** (failures - 1), rule.longestMs)));
  const outOfTries = rule.attempts !== null && failures >= rule.attempts;
  const outOfTime = now + waitMs - since > rule.totalMs;
  return { waitMs: outOfTries || outOfTime ? undefined : waitMs, record: { ...record, [name]: { failures, since } } };
}
