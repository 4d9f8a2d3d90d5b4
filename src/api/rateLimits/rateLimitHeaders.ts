import type { Response } from 'express';
import type { WindowState } from '../../ports/windowCounts.ts';

export interface HeldQuota {
  /** Of the limit, for the headers. */
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
  readonly state: Pick<WindowState, 'left' | 'resetMs'>;
}

/** As of draft-ietf-httpapi-ratelimit-headers-11: one item for each quota that counts. */
export function setRateLimitHeaders(response: Response, held: readonly HeldQuota[]): void {
  if (held.length === 0) return;
  response.setHeader('RateLimit-Policy', held.map(({ name, quota, windowSeconds }) => `"${name}";q=${quota};w=${windowSeconds}`).join(', '));
  response.setHeader('RateLimit', held.map(({ name, state }) => `"${name}";r=${state.left};t=${Math.ceil(state.resetMs / 1000)}`).join(', '));
}
