import type { Request, Response } from 'express';
import type { RateClass } from '../contracts/rateLimits.ts';
import type { UsageMeter } from './usage/usageMeter.ts';
import type { AuditRecorder } from './audit/auditRecorder.ts';

/** What is particular to a route whose requests are carried out once. */
export interface OnceOptions {
  /** The answer holds a secret: it is not kept, and a repetition is refused. */
  readonly givesSecret?: boolean;
  /** Of a route that reads its body itself: whether a repetition, which this reads to its end, brings what led to the answer. */
  readonly isSame?: (request: Request, answer: string) => Promise<boolean>;
}

/** Carries out a request that names itself by a key at most once. */
export type CarryOutOnce = (request: Request, response: Response, options: OnceOptions, handle: () => Promise<void> | void) => Promise<void>;

/** Counts a request, or `points` more of one that turned out to be several. Throws RATE_LIMITED and SEARCH_QUOTA_EXHAUSTED, and says in headers how much is left. */
export type LimitRate = (request: Request, response: Response, rateClass: RateClass, points: number) => Promise<void>;

/** What holds for the requests of whoever has proven who they are, on every route. */
export interface CallerRules {
  /** Of routes that are audited. */
  readonly recorder: AuditRecorder;
  readonly carryOutOnce: CarryOutOnce;
  readonly limitRate: LimitRate;
  readonly usageMeter: Pick<UsageMeter, 'count'>;
}
