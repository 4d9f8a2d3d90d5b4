import type { Request, RequestHandler, Response } from 'express';
import type { EventSink } from '../../contracts/events.ts';
import { contextOf } from '../requestContext.ts';

/** As nginx records a caller who left before the answer began. */
const callerLeft = 499;

/** Tells of each request once its connection is done with it, whether answered, streamed or broken off. */
export function createAccessEvent(emit: EventSink): RequestHandler {
  return function accessEvent(request, response, next) {
    response.once('close', () => {
      emit(eventOf(request, response));
    });
    next();
  };
}

function eventOf(request: Request, response: Response): Parameters<EventSink>[0] {
  const context = contextOf(request);
  const failure = context.failure;
  const cause = failure?.cause instanceof Error ? failure.cause : failure;
  return {
    type: 'request.finished',
    requestId: context.requestId,
    tenant: context.principal?.tenant,
    method: request.method,
    route: context.route ?? 'unmatched',
    status: response.headersSent ? response.statusCode : callerLeft,
    latencyMs: performance.now() - context.startedAt,
    ...(failure === undefined ? {} : { code: failure.code }),
    ...(failure !== undefined && failure.class.status >= 500 ? { detail: cause?.stack ?? failure.message } : {}),
  };
}
