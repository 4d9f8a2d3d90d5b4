import { z } from 'zod';
import { digestSchema } from './identifiers.ts';

const days = z.int().min(0).max(36_500);
const ofReplacedVersions = { description: 'Artifacts of versions that a newer one replaced (restoring a version needs them).' };
const ofFailedArtifacts = { description: 'What failed or cancelled runs left behind, and outputs no version uses.' };
const ofSearchableHistory = { description: 'How long searches as of an earlier time (`asOf`) find versions that were replaced; 0: not at all. Their artifacts are kept as long, whatever `replacedVersionDays` says.' };
const ofUploads = { description: 'Uploads that no document uses.' };
const ofJobs = { description: 'Finished jobs with what they were asked for, and versions of which no artifact is left. What tells of a version that is still kept stays, and the last run of each source.' };
const ofLogs = { description: 'Events of finished jobs, the addresses that their discovery saw, and reports of sweeps and of audits of consistency.' };

/** How long what is no longer needed is kept, by tenant. Days; null: for ever. */
export const retentionPolicySchema = z
  .strictObject({
    replacedVersionDays: days.nullable().default(30).meta(ofReplacedVersions),
    failedArtifactDays: days.nullable().default(7).meta(ofFailedArtifacts),
    searchableHistoryDays: days.default(0).meta(ofSearchableHistory),
    uploadDays: days.nullable().default(30).meta(ofUploads),
    jobDays: days.nullable().default(365).meta(ofJobs),
    logDays: days.nullable().default(90).meta(ofLogs),
  })
  .meta({ id: 'RetentionPolicy' });
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

/** What is named is chosen anew; the rest stays as it was chosen, or goes on by its default. */
export const retentionChangeSchema = z
  .strictObject({
    replacedVersionDays: days.nullable().optional().meta(ofReplacedVersions),
    failedArtifactDays: days.nullable().optional().meta(ofFailedArtifacts),
    searchableHistoryDays: days.optional().meta(ofSearchableHistory),
    uploadDays: days.nullable().optional().meta(ofUploads),
    jobDays: days.nullable().optional().meta(ofJobs),
    logDays: days.nullable().optional().meta(ofLogs),
  } satisfies Record<keyof RetentionPolicy, z.ZodType>)
  .meta({ id: 'RetentionChange' });
export type RetentionChange = z.infer<typeof retentionChangeSchema>;

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
