import { z } from 'zod';
import { errorTable } from './errors.ts';
import type { ErrorCode } from './errors.ts';

const errorCodeSchema = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]);

/** Most that a job may spend on the embedding model and the fetch service; at the cap it pauses and waits for approval. */
export const budgetSchema = z
  .strictObject({
    maximumTokens: z.int().min(1).optional().meta({ description: 'Tokens given to the embedding model.' }),
    maximumCost: z.number().positive().optional().meta({ description: 'Money, in the currency of the configured prices.' }),
  })
  .refine((budget) => budget.maximumTokens !== undefined || budget.maximumCost !== undefined, '"maximumTokens" or "maximumCost"')
  .meta({ id: 'Budget' });
export type Budget = z.infer<typeof budgetSchema>;

export const concurrencySchema = z.int().min(1).max(1000).meta({ description: 'Documents, or slices of small ones, in work at once.' });

export const pauseReasons = ['request', 'budget', 'tenant-budget', 'credits'] as const;
/** By whom jobs of a suspended tenant are paused: no subject of a token is that. */
export const suspension = 'platform:suspension';

export const jobPauseSchema = z
  .object({ reason: z.enum(pauseReasons), detail: z.string(), remedy: z.string(), by: z.string().nullable(), since: z.iso.datetime() })
  .meta({ id: 'JobPause', description: 'Why a job rests: someone asked for it, its budget or that of the tenant is used up, or the fetch service has no credits left.' });
export type JobPause = z.infer<typeof jobPauseSchema>;

export const cancelModes = ['keep', 'undo'] as const;
export const jobCancellationSchema = z.object({ mode: z.enum(cancelModes), by: z.string(), at: z.iso.datetime() }).meta({ id: 'JobCancellation' });
export type JobCancellation = z.infer<typeof jobCancellationSchema>;

export const cancelRequestSchema = z
  .strictObject({ mode: z.enum(cancelModes).default('keep').meta({ description: 'keep: what is done stays; undo: documents the job made are deleted, those it changed get their version before back.' }) })
  .meta({ id: 'CancelRequest' });
export const retryRequestSchema = z
  .strictObject({
    codes: z.array(errorCodeSchema).min(1).max(50).optional().meta({ description: 'Only documents that failed with one of these codes.' }),
    indexes: z.array(z.int32().min(0)).min(1).max(10_000).optional().meta({ description: 'Only these documents of the job.' }),
  })
  .meta({ id: 'RetryRequest', description: 'All failed documents when empty.' });
export type RetryRequest = z.infer<typeof retryRequestSchema>;
export const jobChangeSchema = z.strictObject({ concurrency: concurrencySchema.nullable() }).meta({ id: 'JobChange', description: 'null: as configured.' });
export const approveRequestSchema = z.strictObject({ budget: budgetSchema.nullable().default(null).meta({ description: 'The new budget; null: without one.' }) }).meta({ id: 'ApproveRequest' });

/** What a job in work is told; the registry holds it, the workflow reads it. */
export interface JobControl {
  readonly paused: JobPause | null;
  readonly cancelled: JobCancellation | null;
  readonly concurrency: number | null;
  readonly dryRun: boolean;
}
