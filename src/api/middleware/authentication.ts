import type { RequestHandler } from 'express';
import type { Authenticator } from '../authentication/createAuthenticator.ts';
import { contextOf } from '../requestContext.ts';

/** Lets nobody past without a principal. Mounted on a path prefix, so that no route below can forget it. */
export function createAuthentication(authenticator: Authenticator): RequestHandler {
  return async function authentication(request, _response, next) {
    contextOf(request).principal = await authenticator.authenticate(request.get('authorization'));
    next();
  };
}
