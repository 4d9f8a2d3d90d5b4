import type { Response } from 'express';
import { rateWindowSeconds } from '../../contracts/rateLimits.ts';
import type { RateClass, RateHolder } from '../../contracts/rateLimits.ts';
import type { WindowState } from '../../ports/windowCounts.ts';

export interface HeldQuota {
  readonly holder: RateHolder;
  readonly quota: number;
  readonly state: WindowState;
}

/** As of draft-ietf-httpapi-ratelimit-headers-11: one item for each quota that counts. */
export function setRateLimitHeaders(response: Response, rateClass: RateClass, held: readonly HeldQuota[]): void {
  if (held.length === 0) return;
  response.setHeader('RateLimit-Policy', held.map(({ holder, quota }) => `"${holder}-${rateClass}";q=${quota};w=${rateWindowSeconds}`).join(', '));
  response.setHeader('RateLimit', held.map(({ holder, state }) => `"${holder}-${rateClass}";r=${state.left};t=${Math.ceil(state.resetMs / 1000)}`).join(', '));
}
