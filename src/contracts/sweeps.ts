import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

/** How long what is no longer needed is kept, by tenant. Days; null: for ever. */
export const retentionPolicySchema = z
  .strictObject({
    replacedVersionDays: z.int().min(0).max(36_500).nullable().default(30).meta({ description: 'Artifacts of versions that a newer one replaced (restoring a version needs them).' }),
    failedArtifactDays: z.int().min(0).max(36_500).nullable().default(7).meta({ description: 'What failed or cancelled runs left behind, and outputs no version uses.' }),
    searchableHistoryDays: z.int().min(0).max(36_500).default(0).meta({ description: 'How long searches as of an earlier time (`asOf`) find versions that were replaced; 0: not at all. Their artifacts are kept as long, whatever `replacedVersionDays` says.' }),
    uploadDays: z.int().min(0).max(36_500).nullable().default(30).meta({ description: 'Uploads that no document uses.' }),
    jobDays: z.int().min(0).max(36_500).nullable().default(365).meta({ description: 'Finished jobs with what they were asked for, and versions of which no artifact is left. What tells of a version that is still kept stays, and the last run of each source.' }),
    logDays: z.int().min(0).max(36_500).nullable().default(90).meta({ description: 'Events of finished jobs, the addresses that their discovery saw, and reports of sweeps and of audits of consistency.' }),
  })
  .meta({ id: 'RetentionPolicy' });
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

export const sweepRequestSchema = z.strictObject({ dryRun: z.boolean().default(true) }).meta({ id: 'SweepRequest' });

const sweptSchema = z.object({ objects: z.int(), bytes: z.int() });

/** What a sweep removes of the registry. */
export const recordKinds = ['jobs', 'requests', 'versions', 'events', 'addresses', 'reports', 'vaultEntries'] as const;
export type RecordKind = (typeof recordKinds)[number];
export type RecordCounts = Record<RecordKind, number>;

const recordsSchema = z.object(Object.fromEntries(recordKinds.map((kind) => [kind, z.int()])) as Record<RecordKind, z.ZodInt>);
export const sweepReportSchema = z
  .object({
    /** Objects of the tenant that were looked at. */
    looked: sweptSchema,
    orphans: sweptSchema.meta({ description: 'Left by failed, cancelled or repeated work; nothing refers to them.' }),
    replacedVersions: sweptSchema,
    uploads: sweptSchema,
    /** Parts of packed objects that were erased while their neighbours stay. */
    erasedRanges: z.int(),
    examples: z.array(z.string()).max(20),
    records: recordsSchema.optional().meta({ description: 'Removed from the registry: jobs, requests for documents of jobs, versions without artifacts, events of jobs, addresses that were seen, reports of sweeps and audits, entries of the vault that nothing uses. Reports of earlier releases have none.' }),
    removed: digestSchema.nullable().optional().meta({ description: 'Over the names of all that was removed, in order; null: nothing was, as in a dry run.' }),
    digest: digestSchema.optional().meta({ description: 'Over all the rest of this report: it is the receipt.' }),
  })
  .meta({ id: 'SweepReport' });
export type SweepReport = z.infer<typeof sweepReportSchema>;

export const sweepSchema = z
  .object({
    id: z.uuid(),
    dryRun: z.boolean(),
    state: z.enum(['queued', 'running', 'finished', 'failed']),
    subject: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    report: sweepReportSchema.nullable(),
    workflowId: z.string(),
  })
  .meta({ id: 'Sweep' });
export type Sweep = z.infer<typeof sweepSchema>;
export const sweepsPageSchema = z.object({ sweeps: z.array(sweepSchema), next: z.string().nullable() }).meta({ id: 'SweepsPage' });
