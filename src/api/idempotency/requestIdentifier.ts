import type { Request } from 'express';
import { newIdentifier } from '../../contracts/identifiers.ts';
import { contextOf } from '../requestContext.ts';

/** The identifier of what the request makes: where it carries an idempotency key the same for all its tries, so that one that was cut off makes nothing twice. */
export function identifierFor(request: Request): string {
  return contextOf(request).identifier ?? newIdentifier();
}
