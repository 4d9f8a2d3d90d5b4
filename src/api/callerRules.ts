import type { RequestHandler } from 'express';
import type { CarryOutOnce } from './idempotency/carryOutOnce.ts';
import type { LimitRate } from './rateLimits/limitRate.ts';
import type { UsageMeter } from './usage/usageMeter.ts';
import { contextOf } from './requestContext.ts';

/** What holds for the requests of whoever has proven who they are, on every route. */
export interface CallerRules {
  readonly carryOutOnce: CarryOutOnce;
  readonly limitRate: LimitRate;
  readonly usageMeter: Pick<UsageMeter, 'count'>;
}

/** Hands the rules to all routes behind it. */
export function createCallerRules(rules: CallerRules): RequestHandler {
  return function callerRules(request, _response, next) {
    contextOf(request).rules = rules;
    next();
  };
}
