import { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { RateHolder, RateQuotas } from '../../contracts/rateLimits.ts';
import type { TenantPolicy } from '../../contracts/tenants.ts';
import type { WindowCounts } from '../../ports/windowCounts.ts';
import type { LimitRate } from '../callerRuleTypes.ts';
import { principalOfRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { setRateLimitHeaders } from './rateLimitHeaders.ts';
import type { HeldQuota } from './rateLimitHeaders.ts';

export interface RateLimitDependencies {
  readonly counts: WindowCounts;
  /** In force at this moment; its numbers go before those of the operator. */
  readonly policyOf: (tenant: string) => Pick<TenantPolicy, 'rates'>;
  /** By tenant. */
  readonly quotasOf: Readonly<Record<RateHolder, (tenant: string) => RateQuotas>>;
  readonly emit: EventSink;
}

/** The caller first: who is refused by a limit of their own takes nothing of their tenant's. */
const holders = ['caller', 'tenant'] as const satisfies readonly RateHolder[];

export function createLimitRate({ counts, policyOf, quotasOf, emit }: RateLimitDependencies): LimitRate {
  return async function limitRate(request, response, rateClass, points) {
    const { tenant, subject } = principalOfRequest(request);
    const { rates } = policyOf(tenant);
    const held: HeldQuota[] = [];
    for (const holder of holders) {
      const own = rates[holder][rateClass];
      const quota = own === undefined ? quotasOf[holder](tenant)[rateClass] : own;
      if (quota === undefined || quota === null) continue;
      const state = await counts.take(holder === 'tenant' ? `${tenant}/${rateClass}` : `${tenant}/${rateClass}/${subject}`, points, quota);
      held.push({ holder, quota, state });
      if (state.allowed) continue;
      setRateLimitHeaders(response, rateClass, held);
      emit({ type: 'request.limited', tenant, route: contextOf(request).route ?? 'unmatched', class: rateClass, holder });
      throw new CatalystError('RATE_LIMITED', `${holder === 'tenant' ? 'The tenant' : 'The caller'} may send ${quota} requests of the class "${rateClass}" a minute.`, { retryAfterMs: state.resetMs });
    }
    setRateLimitHeaders(response, rateClass, held);
  };
}
