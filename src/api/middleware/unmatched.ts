import type { RequestHandler } from 'express';
import { CatalystError } from '../../contracts/errors.ts';

/** The last word on paths that no route knows. */
export function createNotFound(): RequestHandler {
  return function notFound(request) {
    throw new CatalystError('NOT_FOUND', `There is no resource at ${request.path.slice(0, 200)}.`);
  };
}

/** The last word on a known path with another method; OPTIONS is answered with the methods there are. */
export function createMethodNotAllowed(path: string, allowed: readonly string[]): RequestHandler {
  const allow = allowed.join(', ');
  return function methodNotAllowed(request, response) {
    response.setHeader('Allow', allow);
    if (request.method === 'OPTIONS') response.status(204).end();
    else throw new CatalystError('METHOD_NOT_ALLOWED', `${path} takes ${allow}, not ${request.method}.`);
  };
}
