import { z } from 'zod';

/** What a server said when something was fetched from it: lets the next fetch ask whether it has changed. */
export const fetchRecordSchema = z
  .object({
    /** After redirects. */
    finalUrl: z.string(),
    fetchedAt: z.iso.datetime(),
    status: z.int().optional(),
    etag: z.string().optional(),
    /** As the server wrote it. */
    lastModified: z.string().optional(),
    /** Those headers that say something of the content, by lower-case name. */
    headers: z.record(z.string(), z.string()).default({}),
    /** Credits that a fetch service charged. */
    credits: z.number().optional(),
  })
  .meta({ id: 'FetchRecord' });
export type FetchRecord = z.infer<typeof fetchRecordSchema>;

/** What a conditional request may send. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}
