import type { Request, RequestHandler, Response } from 'express';

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** Beside those that browsers allow anyway. */
const requestHeaders = 'Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-Id';
/** What pages may read of an answer, beside what browsers show anyway. */
const answerHeaders = 'Content-Disposition, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id';
const preflightSeconds = '600';

/**
 * Lets pages of these origins call the API from a browser (CORS). Credentials of the browser's own (cookies) are never allowed:
 * callers prove themselves by a token that their page sends. Other origins get no answer that a page could read. `furtherHeaders`: that these
 * pages send besides.
 */
export function createCrossOrigin(origins: readonly string[], furtherHeaders: readonly string[] = []): RequestHandler {
  const known = new Set(origins);
  const allowed = [requestHeaders, ...furtherHeaders].join(', ');
  return function crossOrigin(request, response, next) {
    // Also where the origin is none of them, so that no cache gives one origin's answer to another.
    response.vary('Origin');
    const origin = request.get('origin');
    if (origin === undefined || !known.has(origin)) return next();
    response.setHeader('Access-Control-Allow-Origin', origin);
    if (isPreflight(request)) return answerPreflight(response, allowed);
    response.setHeader('Access-Control-Expose-Headers', answerHeaders);
    next();
  };
}

function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.get('access-control-request-method') !== undefined;
}

function answerPreflight(response: Response, allowed: string): void {
  response.setHeader('Access-Control-Allow-Methods', methods);
  response.setHeader('Access-Control-Allow-Headers', allowed);
  response.setHeader('Access-Control-Max-Age', preflightSeconds);
  response.status(204).end();
}
