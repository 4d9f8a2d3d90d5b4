import { z } from 'zod';

/** Query of a list that is read in pages: the cursor is the `next` of the page before, and says nothing else. */
export function pageQuery(maximum = 1000, fallback = 100) {
  return z.strictObject({
    cursor: z.string().min(1).max(200).regex(/^[A-Za-z0-9_.:+-]+$/, 'the "next" of an earlier page').optional().meta({ description: 'The `next` of the page before.' }),
    limit: z.coerce.number().int().min(1).max(maximum).default(fallback),
  });
}
