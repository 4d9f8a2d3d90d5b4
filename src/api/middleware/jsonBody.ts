import type { IncomingMessage } from 'node:http';
import express from 'express';
import type { Request, RequestHandler } from 'express';
import { CatalystError } from '../../contracts/errors.ts';
import { idempotencyHeader } from '../../contracts/idempotency.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import { invalidRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { withBodyDeadline } from './bodyDeadline.ts';
import { findForbiddenKey, mayHoldForbiddenKeys } from './forbiddenKeys.ts';

/** Reads a JSON body of at most `maximumBytes`; with `optional` none is `{}`. Throws INVALID_REQUEST for keys that no field can have, INVALID_JSON, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE. */
export function createJsonBody(maximumBytes: number, { optional = false } = {}): RequestHandler {
  const suspicious = new WeakSet<object>();
  const verify = (request: IncomingMessage, _response: unknown, bytes: Buffer): void => {
    if (mayHoldForbiddenKeys(bytes)) suspicious.add(request);
    const context = contextOf(request as Request);
    if (context.audit !== undefined || request.headers[idempotencyHeader.toLowerCase()] !== undefined) context.bodyDigest = digestOf(bytes);
  };
  const parse = express.json({ limit: maximumBytes, strict: false, type: () => true, verify });
  return function jsonBody(request, response, next) {
    const contentType = request.get('content-type');
    if (contentType !== undefined && !request.is(['application/json', 'application/*+json'])) {
      throw new CatalystError('UNSUPPORTED_MEDIA_TYPE', `This resource takes application/json, not ${contentType.slice(0, 100)}.`);
    }
    withBodyDeadline(request, (done) => parse(request, response, done), (error) => {
      const forbidden = error === undefined && suspicious.has(request) ? findForbiddenKey(request.body) : undefined;
      if (forbidden !== undefined) return next(invalidRequest([{ pointer: forbidden, code: 'unrecognized_keys', detail: 'No field can have this name.' }]));
      if (error !== undefined || (request.body !== undefined && request.get('content-length') !== '0')) return next(error);
      if (!optional) return next(new CatalystError('INVALID_JSON', 'The request has no body.'));
      request.body = {};
      next();
    });
  };
}
