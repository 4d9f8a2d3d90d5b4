import type { Request, Response } from 'express';
import { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { daySeconds, rateWindowSeconds } from '../../contracts/rateLimits.ts';
import type { RateClass, RateHolder, RateQuotas } from '../../contracts/rateLimits.ts';
import type { TenantPolicy } from '../../contracts/tenants.ts';
import type { WindowCounts } from '../../ports/windowCounts.ts';
import type { LimitRate } from '../callerRuleTypes.ts';
import { principalOfRequest } from '../parseInput.ts';
import { searchesExhausted } from '../quotas/searchQuota.ts';
import type { SearchQuota } from '../quotas/searchQuota.ts';
import { contextOf } from '../requestContext.ts';
import { setRateLimitHeaders } from './rateLimitHeaders.ts';
import type { HeldQuota } from './rateLimitHeaders.ts';

export interface RateLimitDependencies {
  readonly counts: WindowCounts;
  /** In force at this moment; its numbers go before those of the operator. */
  readonly policyOf: (tenant: string) => Pick<TenantPolicy, 'rates'>;
  /** By tenant. */
  readonly quotasOf: Readonly<Record<RateHolder, (tenant: string) => RateQuotas>>;
  /** Without it searches have no quota of a day. */
  readonly searchQuota?: Pick<SearchQuota, 'take'>;
  readonly emit: EventSink;
}

/** The caller first: who is refused by a limit of their own takes nothing of their tenant's. */
const holders = ['caller', 'tenant'] as const satisfies readonly RateHolder[];

export function createLimitRate({ counts, policyOf, quotasOf, searchQuota, emit }: RateLimitDependencies): LimitRate {
  return async function limitRate(request, response, rateClass, points) {
    const held: HeldQuota[] = [];
    try {
      await takeOfMinute(request, rateClass, points, held);
      if (rateClass === 'search') await takeOfDay(request, response, points, held);
    } finally {
      setRateLimitHeaders(response, held);
    }
  };

  async function takeOfMinute(request: Request, rateClass: RateClass, points: number, held: HeldQuota[]): Promise<void> {
    const { tenant, subject } = principalOfRequest(request);
    const { rates } = policyOf(tenant);
    for (const holder of holders) {
      const own = rates[holder][rateClass];
      const quota = own === undefined ? quotasOf[holder](tenant)[rateClass] : own;
      if (quota === undefined || quota === null) continue;
      const state = await counts.take(holder === 'tenant' ? `${tenant}/${rateClass}` : `${tenant}/${rateClass}/${subject}`, points, quota);
      held.push({ name: `${holder}-${rateClass}`, quota, windowSeconds: rateWindowSeconds, state });
      if (state.allowed) continue;
      emit({ type: 'request.limited', tenant, route: contextOf(request).route ?? 'unmatched', class: rateClass, holder });
      throw new CatalystError('RATE_LIMITED', `${holder === 'tenant' ? 'The tenant' : 'The caller'} may send ${quota} requests of the class "${rateClass}" a minute.`, { retryAfterMs: state.resetMs });
    }
  }

  /** Last, so that what a minute refuses takes nothing of the day. What is not answered well is given back. */
  async function takeOfDay(request: Request, response: Response, points: number, held: HeldQuota[]): Promise<void> {
    const taken = await searchQuota?.take(principalOfRequest(request).tenant, points);
    if (taken === undefined) return;
    const { quota, state } = taken;
    held.push({ name: 'tenant-search-day', quota, windowSeconds: daySeconds, state });
    if (!state.allowed) throw searchesExhausted(quota, state.resetMs);
    // Who hangs up before the answer has still searched: only an answer that says so gives back.
    response.once('close', () => void (response.statusCode >= 400 && taken.giveBack()));
  }
}
