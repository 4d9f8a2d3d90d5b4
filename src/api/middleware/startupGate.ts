import type { RequestHandler } from 'express';
import { CatalystError } from '../../contracts/errors.ts';

/** Until the dependencies are prepared, a request would fail for reasons that say nothing of its own. */
export function createStartupGate(startup: { readonly ready: boolean }): RequestHandler {
  return function startupGate(_request, _response, next) {
    if (!startup.ready) throw new CatalystError('STARTING', 'The API is still preparing its dependencies.', { retryAfterMs: 2_000 });
    next();
  };
}
