import type { RequestHandler } from 'express';
import type { AuditRecorder } from '../audit/auditRecorder.ts';
import { contextOf } from '../requestContext.ts';

/** Gives routes that are audited the means to it. */
export function createAuditing(recorder: AuditRecorder): RequestHandler {
  return function auditing(request, _response, next) {
    contextOf(request).recorder = recorder;
    next();
  };
}
