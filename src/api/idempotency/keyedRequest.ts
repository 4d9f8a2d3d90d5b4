import type { Request } from 'express';
import { idempotencyHeader, idempotencyKeySchema } from '../../contracts/idempotency.ts';
import { digestOf, newIdentifier } from '../../contracts/identifiers.ts';
import type { KeyedRequest } from '../../ports/idempotencyRegistry.ts';
import { invalidRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';

const separator = '\0';
const noBody = digestOf('');

/** Undefined where the request carries no key. The key counts for one caller and one path: nobody gets the answer to another's request. Throws INVALID_REQUEST for a malformed key. */
export function keyedRequestOf(request: Request, subject: string): KeyedRequest | undefined {
  const given = request.get(idempotencyHeader);
  if (given === undefined) return undefined;
  if (!idempotencyKeySchema.safeParse(given).success) throw invalidRequest([{ pointer: `/headers/${idempotencyHeader.toLowerCase()}`, code: 'invalid_format', detail: 'An idempotency key has 1 to 255 visible ASCII characters.' }]);
  const [path = '', query = ''] = request.originalUrl.split('?', 2);
  return {
    key: digestOf([subject, request.method, path, given].join(separator)),
    fingerprint: digestOf([query, contextOf(request).bodyDigest ?? noBody].join(separator)),
    holder: newIdentifier(),
  };
}
