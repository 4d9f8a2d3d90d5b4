import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';

/** How far the reading of a crawl or a batch at Firecrawl has come. Times in ms. */
export const jobProgressSchema = z.object({
  kind: z.enum(['crawl', 'batch']),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/),
  startedAt: z.number(),
  /** Where the next page of results begins. */
  skip: z.int().min(0),
  /** The second looks for what moved while the first went on. */
  pass: z.union([z.literal(1), z.literal(2)]),
  /** Results that were taken, and the addresses they were asked by: packed, see AddressSet. */
  rows: z.string(),
  addresses: z.string(),
  /** Results without an address. */
  nameless: z.int().min(0),
  /** As Firecrawl last told. */
  completed: z.int().min(0),
  total: z.int().min(0),
  changedAt: z.number(),
  /** Looks in a row that found nothing new. */
  idle: z.int().min(0),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

export const endingSchema = z.object({ kind: z.enum(['completed', 'failed', 'cancelled', 'stalled', 'expired']), detail: z.string() });
export type Ending = z.infer<typeof endingSchema>;

const cursorSchema = z.discriminatedUnion('phase', [
  /** A key was chosen; whether the start was sent with it is not known. */
  z.object({ phase: z.literal('chosen'), key: z.uuid(), group: z.int().min(0) }),
  /** Firecrawl knows the key, so the crawl was started; its id is looked for. */
  z.object({ phase: z.literal('searching'), key: z.uuid(), since: z.number() }),
  z.object({ phase: z.literal('reading'), job: jobProgressSchema, group: z.int().min(0) }),
  /** All results were taken; what is missing is to be explained. */
  z.object({ phase: z.literal('concluding'), job: jobProgressSchema, ending: endingSchema, group: z.int().min(0) }),
  z.object({ phase: z.literal('finished') }),
]);
export type DiscoveryCursor = z.infer<typeof cursorSchema>;

/** undefined before the first step. */
export function readCursor(stored: unknown): DiscoveryCursor | undefined {
  if (stored === null || stored === undefined) return undefined;
  const parsed = cursorSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new CatalystError('FETCHER_REJECTED', `The position in the source was not written by this adapter: ${z.prettifyError(parsed.error)}`);
}

export function newJob(kind: JobProgress['kind'], id: string, now: number): JobProgress {
  return { kind, id, startedAt: now, skip: 0, pass: 1, rows: '', addresses: '', nameless: 0, completed: 0, total: 0, changedAt: now, idle: 0 };
}
