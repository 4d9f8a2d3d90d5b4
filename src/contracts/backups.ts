import { z } from 'zod';
import { embeddingContractSchema } from './embedding.ts';
import { failureSchema } from './failure.ts';
import { digestSchema } from './identifiers.ts';

/** Time of the start (UTC) and a part of the workflow's run, so that names sort by time. */
export const backupIdSchema = z
  .string()
  .regex(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/, 'the id of a backup, as GET /v1/backups names it')
  .meta({ id: 'BackupId', example: '20261129T011500Z-0a1b2c3d' });

/** A file of a set in the backup bucket; lines and digest are those of what was written, before it was packed. */
export const setFileSchema = z.object({
  key: z.string(),
  bytes: z.int(),
  digest: digestSchema,
  /** What the store calls these bytes (ETag). */
  mark: z.string(),
  lines: z.int(),
});
export type SetFile = z.infer<typeof setFileSchema>;

const tableSchema = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int(),
  /** Of all rows, whatever their order. */
  digest: z.string(),
  file: setFileSchema,
});
export type DumpedTable = z.infer<typeof tableSchema>;

export const registryDumpSchema = z.object({
  snapshotAt: z.iso.datetime(),
  server: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(tableSchema),
  sequences: z.record(z.string(), z.string()),
});
export type RegistryDump = z.infer<typeof registryDumpSchema>;

export const indexPartSchema = z.object({
  alias: z.string(),
  generation: z.string().nullable(),
  contract: embeddingContractSchema.nullable(),
  points: z.int(),
  /** The database's own copy of the generation, where it is kept too. A restore builds the index of artifacts all the same. */
  snapshot: setFileSchema.nullable(),
  /** Why there is none. */
  note: z.string(),
});
export type IndexPart = z.infer<typeof indexPartSchema>;

/** What is written last: a set without it was never finished. */
export const backupManifestSchema = z.object({
  format: z.literal(1),
  id: backupIdSchema,
  by: z.string(),
  release: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  registry: registryDumpSchema,
  objects: z.object({ bucket: z.string(), objects: z.int(), bytes: z.int(), copied: z.int(), copiedBytes: z.int(), gone: z.int(), lists: z.array(setFileSchema) }),
  index: indexPartSchema,
  /** Over all of the above. */
  digest: digestSchema,
});
export type BackupManifest = z.infer<typeof backupManifestSchema>;

/** An object of the artifacts' bucket at the time of the backup, and its copy. */
export const copiedObjectSchema = z.object({
  key: z.string(),
  /** Of the original, when it was copied. */
  mark: z.string(),
  bytes: z.int(),
  digest: digestSchema,
  copy: z.string(),
  copyMark: z.string(),
});
export type CopiedObject = z.infer<typeof copiedObjectSchema>;

export const backupVerificationSchema = z
  .object({
    at: z.iso.datetime(),
    deep: z.boolean().meta({ description: 'All bytes were read; else sizes and marks were compared by listing.' }),
    files: z.int(),
    objects: z.int(),
    bytes: z.int().meta({ description: 'Read for it.' }),
    problems: z.int(),
    examples: z.array(z.string()).meta({ description: 'The first of them.' }),
  })
  .meta({ id: 'BackupVerification' });
export type BackupVerification = z.infer<typeof backupVerificationSchema>;

const count = z.int().nullable();

export const backupSchema = z
  .object({
    id: backupIdSchema,
    state: z.enum(['unfinished', 'finished', 'failed', 'damaged']).meta({ description: 'unfinished: in work, or cut off; damaged: it was finished, and a verification found faults.' }),
    by: z.string(),
    startedAt: z.iso.datetime(),
    snapshotAt: z.iso.datetime().nullable().meta({ description: 'What the registry was at this moment is what a restore brings back.' }),
    finishedAt: z.iso.datetime().nullable(),
    release: z.string().nullable(),
    tables: count,
    rows: count,
    objects: count,
    bytes: count.meta({ description: 'Of all objects that the set names.' }),
    copiedObjects: count.meta({ description: 'Objects that no earlier backup had copied.' }),
    copiedBytes: count,
    points: count,
    digest: z.string().nullable(),
    failure: failureSchema.nullable(),
    verification: backupVerificationSchema.nullable(),
  })
  .meta({ id: 'Backup' });
export type Backup = z.infer<typeof backupSchema>;

export const backupListSchema = z.object({ backups: z.array(backupSchema).meta({ description: 'Newest first.' }) }).meta({ id: 'BackupList' });

/** The workflow that goes on with it. */
export const backupWorkSchema = z.object({ workflowId: z.string(), runId: z.uuid() }).meta({ id: 'BackupWork' });

/** How the ids of workflows of backups look; no others are told of. */
export const backupWorkflowSchema = z
  .string()
  .regex(/^catalyst\/backup\/(?:create|restore|verify\/\d{8}T\d{6}Z-[0-9a-f]{8})$/, 'the workflowId, as the answer to the request tells it')
  .meta({ example: 'catalyst/backup/create' });

/** What came of a request: also where the work ended before it could write anything down. */
export const backupRunSchema = z
  .object({
    workflowId: z.string(),
    runId: z.uuid(),
    state: z.enum(['running', 'finished', 'failed']),
    failure: failureSchema.nullable(),
    retried: failureSchema.nullable().meta({ description: 'Of one that is running: what its last try failed by; it is tried again, for a day at the most.' }),
  })
  .meta({ id: 'BackupRun' });
export type BackupRun = z.infer<typeof backupRunSchema>;

export const verificationRequestSchema = z
  .strictObject({ deep: z.boolean().default(false).meta({ description: 'Read all bytes and compare their digests.' }) })
  .meta({ id: 'VerificationRequest' });

/** registry: rows of Postgres; objects: artifacts in S3; index: points in Qdrant, built of artifacts. */
export const restoreParts = ['registry', 'objects', 'index'] as const;
export type RestorePart = (typeof restoreParts)[number];

export const restoreRequestSchema = z
  .strictObject({
    backupId: backupIdSchema.optional(),
    only: z.enum(['objects', 'index']).optional().meta({ description: 'objects: bring back objects that the bucket has lost; index: build the index anew of artifacts. Both on a stack that is not empty; without it all is restored, into an empty one.' }),
  })
  .refine(({ backupId, only }) => backupId !== undefined || only === 'index', { path: ['backupId'], message: 'is needed, unless only the index is built anew' })
  .meta({ id: 'RestoreRequest' });
export type RestoreRequest = z.infer<typeof restoreRequestSchema>;

const amount = z.int().default(0);

export const restoreReportSchema = z
  .object({
    tables: amount,
    rows: amount,
    objects: amount.meta({ description: 'Objects that the bucket holds as the backup names them.' }),
    copiedObjects: amount.meta({ description: 'Of these, those that had to be brought back.' }),
    copiedBytes: amount,
    documents: amount.meta({ description: 'Documents that searches are to find.' }),
    points: amount.meta({ description: 'Points in the index at the end.' }),
    expectedPoints: amount,
    lostDocuments: amount.meta({ description: 'Documents whose artifacts are not there, so that no search finds them: deleted while the backup was made, or lost before.' }),
    lostExamples: z.array(z.string()).default([]),
    tenantsToMove: z.array(z.string()).default([]).meta({ description: 'They are to have a collection of their own and are in the shared one, where searches find them: `catalyst index compact --tenant NAME` moves each.' }),
    deletedSince: amount.meta({ description: 'Deletions that were finished after the moment of the backup: what they deleted is back. See GET /v1/backups/{backupId}/deletions.' }),
    resumed: z.object({ jobs: amount, deletions: amount, sweeps: amount, audits: amount }).prefault({}).meta({ description: 'Work that was not finished at the time of the backup and goes on.' }),
  })
  .meta({ id: 'RestoreReport' });
export type RestoreReport = z.infer<typeof restoreReportSchema>;

export const restoreSchema = z
  .object({
    id: z.uuid(),
    backupId: backupIdSchema.nullable(),
    parts: z.array(z.enum(restoreParts)),
    state: z.enum(['running', 'finished', 'failed']),
    by: z.string(),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    report: restoreReportSchema,
    failure: failureSchema.nullable(),
  })
  .meta({ id: 'Restore' });
export type Restore = z.infer<typeof restoreSchema>;

export const restoreListSchema = z.object({ restores: z.array(restoreSchema).meta({ description: 'Newest first.' }) }).meta({ id: 'RestoreList' });
export const restoreStartedSchema = z.object({ restoreId: z.uuid(), workflowId: z.string(), runId: z.uuid() }).meta({ id: 'RestoreStarted' });

/** Which restore, as its activities need it. */
export interface RestoreScope {
  readonly restoreId: string;
  readonly backupId: string | null;
  readonly parts: readonly RestorePart[];
  readonly by: string;
}
