import { z } from 'zod';
import { jobPauseSchema } from './steering.ts';
import { jobCountsSchema, jobSpendingSchema, stages, stateSchema } from './jobs.ts';

/** What `GET /v1/jobs/:jobId/progress` answers, and the event `progress` of its stream. */
export const jobProgressSchema = z
  .object({
    jobId: z.uuid(),
    at: z.iso.datetime(),
    state: stateSchema,
    pause: jobPauseSchema.nullable(),
    counts: jobCountsSchema,
    stages: z.array(z.object({ stage: z.enum(stages), running: z.int() })).meta({ description: 'Documents that are in each stage now.' }),
    documentsPerSecond: z.number().nullable().meta({ description: 'Over the last minute of work.' }),
    spent: jobSpendingSchema,
    /** Seconds from `at`. */
    remaining: z
      .object({ p10: z.number(), p50: z.number(), p90: z.number() })
      .nullable()
      .meta({ description: 'Seconds until the job is done, as an interval: 8 of 10 jobs should end between p10 and p90. null while too little is known, while the source is still being read, or when paused.' }),
  })
  .meta({ id: 'JobProgress' });
export type JobProgress = z.infer<typeof jobProgressSchema>;
