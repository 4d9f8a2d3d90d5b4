import type { Request } from 'express';
import type { CatalystError } from '../contracts/errors.ts';
import type { Digest } from '../contracts/identifiers.ts';
import type { Principal } from '../contracts/principal.ts';
import type { RequestAudit } from './audit/requestAudit.ts';
import type { CallerRules } from './callerRuleTypes.ts';

/** What is known of a request while it runs; kept beside the request, not on it, so that its type stays honest. */
export interface RequestContext {
  readonly requestId: string;
  readonly startedAt: number;
  principal: Principal | undefined;
  /** Lets the caller in once more, for what goes on for long: a key may be revoked meanwhile, a token expire, a tenant be suspended. Throws as at the beginning. */
  readmit: (() => Promise<Principal>) | undefined;
  /** The route's template, never the actual path: it labels metrics. */
  route: string | undefined;
  failure: CatalystError | undefined;
  /** Its place among the requests in work, on routes that shed load. */
  turn: { working: boolean; leave(): void } | undefined;
  /** On routes that are audited. */
  audit: RequestAudit | undefined;
  /** On routes that need a token. */
  rules: CallerRules | undefined;
  /** Of the body as it was sent, where the log tells of the request or it carries an idempotency key. */
  bodyDigest: Digest | undefined;
  /** Of a request that searches: how many searches it is. */
  searches: number;
  /** What it makes is to be called so. */
  identifier: string | undefined;
}

const contexts = new WeakMap<Request, RequestContext>();

export function openContext(request: Request, requestId: string): RequestContext {
  const context: RequestContext = { requestId, startedAt: performance.now(), principal: undefined, readmit: undefined, route: undefined, failure: undefined, turn: undefined, audit: undefined, rules: undefined, bodyDigest: undefined, searches: 1, identifier: undefined };
  contexts.set(request, context);
  return context;
}

export function contextOf(request: Request): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new TypeError('the request id middleware must run first');
  return context;
}
