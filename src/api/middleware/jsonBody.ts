import type { IncomingMessage } from 'node:http';
import express from 'express';
import type { Request, RequestHandler } from 'express';
import { CatalystError } from '../../contracts/errors.ts';
import { idempotencyHeader } from '../../contracts/idempotency.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import { invalidRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { invalidJson } from '../problems/requestError.ts';
import { withBodyDeadline } from './bodyDeadline.ts';
import { findForbiddenKey, mayHoldForbiddenKeys } from './forbiddenKeys.ts';

/**
 * Receives a body of at most `maximumBytes` without looking at it, for routes behind a gate: a place there is for work, and a caller who
 * drips a body would keep it for minutes from all others. Throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for unknown encodings.
 */
export function createBodyArrival(maximumBytes: number): RequestHandler {
  const receive = express.raw({ limit: maximumBytes, type: () => true });
  return function bodyArrival(request, response, next) {
    withBodyDeadline(request, (done) => { receive(request, response, done); }, next);
  };
}

/** Reads a JSON body of at most `maximumBytes`; with `optional` none is `{}`. One that has arrived already is taken as it is. Throws INVALID_REQUEST for keys that no field can have, INVALID_JSON, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE. */
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
    const read = (done: (error?: unknown) => void): void => {
      if (Buffer.isBuffer(request.body)) done(parseArrived(request, maximumBytes, verify));
      else parse(request, response, done);
    };
    withBodyDeadline(request, read, (error) => {
      const forbidden = error === undefined && suspicious.has(request) ? findForbiddenKey(request.body) : undefined;
      if (forbidden !== undefined) return next(invalidRequest([{ pointer: forbidden, code: 'unrecognized_keys', detail: 'No field can have this name.' }]));
      if (error !== undefined || (request.body !== undefined && request.get('content-length') !== '0')) return next(error);
      if (!optional) return next(new CatalystError('INVALID_JSON', 'The request has no body.'));
      request.body = {};
      next();
    });
  };
}

/** What body-parser makes of the same bytes: JSON in UTF-8, none where there are no bytes. The failure, if there is one. */
function parseArrived(request: Request, maximumBytes: number, verify: (request: Request, response: unknown, bytes: Buffer) => void): CatalystError | undefined {
  const bytes = request.body as Buffer;
  if (bytes.length > maximumBytes) return new CatalystError('PAYLOAD_TOO_LARGE', `The request body is larger than ${maximumBytes} bytes.`);
  const charset = /;\s*charset=\s*"?([^\s;"]+)/i.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) return new CatalystError('UNSUPPORTED_MEDIA_TYPE', 'The charset of the request body is not supported: JSON is sent in UTF-8.');
  verify(request, undefined, bytes);
  const text = new TextDecoder().decode(bytes);
  try {
    request.body = text === '' ? undefined : (JSON.parse(text) as unknown);
    return undefined;
  } catch (thrown) {
    return invalidJson(text, thrown);
  }
}
