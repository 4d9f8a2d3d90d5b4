import express from 'express';
import type { RequestHandler } from 'express';
import { withBodyDeadline } from './bodyDeadline.ts';

/** Reads a body of at most `maximumBytes` as it came over the wire, which is what signatures are made of. Throws PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE for a compressed one. */
export function createRawBody(maximumBytes: number): RequestHandler {
  const read = express.raw({ limit: maximumBytes, inflate: false, type: () => true });
  return function rawBody(request, response, next) {
    withBodyDeadline(request, (done) => read(request, response, done), (error) => {
      // Without a body nothing was read.
      if (error === undefined && !Buffer.isBuffer(request.body)) request.body = Buffer.alloc(0);
      next(error);
    });
  };
}
