import type { ErrorRequestHandler, Response } from 'express';
import type { CatalystError } from '../../contracts/errors.ts';
import { problemMediaType, problemOf } from '../problems/problemOf.ts';
import { requestError } from '../problems/requestError.ts';
import { contextOf } from '../requestContext.ts';

/** Answers every failure as problem details; one that comes after the answer began can only end the connection. */
export function createErrorHandler(): ErrorRequestHandler {
  return function errorHandler(thrown: unknown, request, response, _next) {
    const error = requestError(thrown);
    const context = contextOf(request);
    context.failure = error;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    setFailureHeaders(response, error, request.get('authorization') !== undefined);
    const problem = problemOf(error, context.requestId, request.originalUrl);
    response.status(problem.status).type(problemMediaType).send(JSON.stringify(problem));
  };
}

function setFailureHeaders(response: Response, error: CatalystError, tokenGiven: boolean): void {
  if (error.retryAfterMs !== undefined) response.setHeader('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  // RFC 6750: the error attribute only where a token was given.
  if (error.code === 'UNAUTHENTICATED') response.setHeader('WWW-Authenticate', tokenGiven ? 'Bearer realm="catalyst", error="invalid_token"' : 'Bearer realm="catalyst"');
  if (error.code === 'SCOPE_MISSING') response.setHeader('WWW-Authenticate', 'Bearer realm="catalyst", error="insufficient_scope"');
}
