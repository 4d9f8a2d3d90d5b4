import { z } from 'zod';

/** Named by the caller, so that a request that is sent twice is carried out once. */
export const idempotencyHeader = 'Idempotency-Key';
/** Set on answers that were given before. */
export const replayedHeader = 'Idempotency-Replayed';

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters')
  .meta({ description: 'A name of the caller’s own for this request, such as a UUID. The same request again within 24 hours gets the answer of the first.', example: '6f1c2b8e-6f0a-4a55-9d50-5b2f1f4a3c11' });

/** How long an answer is kept. */
export const idempotencyHours = 24;
