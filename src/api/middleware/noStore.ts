import type { RequestHandler } from 'express';

/** Answers are a tenant's own and change at any time; what is deleted must not live on in a cache. */
export function createNoStore(): RequestHandler {
  return function noStore(_request, response, next) {
    response.setHeader('Cache-Control', 'no-store');
    next();
  };
}
