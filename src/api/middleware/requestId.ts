import type { RequestHandler } from 'express';
import { newIdentifier } from '../../contracts/identifiers.ts';
import { openContext } from '../requestContext.ts';

/** Taken over from the caller only where it is safe to log and to echo. */
const acceptable = /^[A-Za-z0-9._-]{1,128}$/;

/** Gives each request an id, the caller's where it is sane, and answers with it. */
export function createRequestId(): RequestHandler {
  return function requestId(request, response, next) {
    const given = request.get('x-request-id');
    const id = given !== undefined && acceptable.test(given) ? given : newIdentifier();
    openContext(request, id);
    response.setHeader('X-Request-Id', id);
    next();
  };
}
