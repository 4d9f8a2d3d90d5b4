import type { RequestHandler } from 'express';
import { createCarryOutOnce } from '../idempotency/carryOutOnce.ts';
import { contextOf } from '../requestContext.ts';

/** Gives all routes behind it the means to carry out a request with an Idempotency-Key once. */
export function createOnce(dependencies: Parameters<typeof createCarryOutOnce>[0]): RequestHandler {
  const carryOutOnce = createCarryOutOnce(dependencies);
  return function once(request, _response, next) {
    contextOf(request).carryOutOnce = carryOutOnce;
    next();
  };
}
