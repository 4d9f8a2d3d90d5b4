import { z } from 'zod';

/** What can be wrong between registry, artifacts and index. */
export const faultKinds = ['missing-point', 'orphaned-point', 'foreign-point', 'stale-point', 'duplicated-point', 'missing-artifact', 'orphaned-artifact', 'corrupted-artifact'] as const;
export const faultKindSchema = z.enum(faultKinds).meta({ id: 'FaultKind', description: 'What is wrong: of a point in the index, or of an artifact.' });
export type FaultKind = z.infer<typeof faultKindSchema>;

/**
 * reported: a dry run left it. mended: it is as it was. remade: it was made anew by an ingestion stage, and is not byte for byte what it was.
 * lost: nothing that is left tells what it was. pending: it is being mended.
 */
export const faultOutcomes = ['pending', 'reported', 'mended', 'remade', 'lost'] as const;
export type FaultOutcome = (typeof faultOutcomes)[number];

export const faultSchema = z
  .object({
    kind: faultKindSchema,
    place: z.string().meta({ description: 'Id of the point, or address and first byte of the artifact.' }),
    documentId: z.string().nullable(),
    versionId: z.string().nullable(),
    detail: z.string().meta({ description: 'What differs, and what was done.' }),
    outcome: z.enum(faultOutcomes),
  })
  .meta({ id: 'ConsistencyFault' });
export type Fault = z.infer<typeof faultSchema>;

export const consistencyAuditRequestSchema = z
  .strictObject({
    dryRun: z.boolean().default(true).meta({ description: 'Report alone; false mends what is found.' }),
    deep: z.boolean().default(false).meta({ description: 'Compare the content of every point, its vectors and the bytes of every artifact too.' }),
  })
  .meta({ id: 'ConsistencyAuditRequest' });
export type ConsistencyAuditRequest = z.infer<typeof consistencyAuditRequestSchema>;

const faultCountsSchema = z.partialRecord(faultKindSchema, z.int());

export const consistencyReportSchema = z
  .object({
    documents: z.int().meta({ description: 'Documents that the registry shows and that were compared.' }),
    points: z.int().meta({ description: 'Points that were read.' }),
    indexBytes: z.int().meta({ description: 'Characters of the answers of the index.' }),
    objects: z.int().meta({ description: 'Stored objects that were looked at.' }),
    artifactBytes: z.int().meta({ description: 'Bytes of artifacts that were read.' }),
    opened: z.int().meta({ description: 'Documents whose digests differed, or were not known yet, so that they were compared point by point.' }),
    inMotion: z.int().meta({ description: 'Documents that were left to the next audit, since they are being changed or deleted.' }),
    uncompared: z.int().meta({ description: 'Documents whose points another release or model made: what is in them cannot be computed here, only that they are there and whose they are.' }),
    found: faultCountsSchema,
    mended: faultCountsSchema.meta({ description: 'Of those found; what was made anew included.' }),
    digest: z.string().nullable().meta({ description: 'Over the digests of all buckets of documents: equal to that of another audit of the same depth where nothing changed between them.' }),
    seconds: z.number(),
  })
  .meta({ id: 'ConsistencyReport' });
export type ConsistencyReport = z.infer<typeof consistencyReportSchema>;

export const consistencyAuditSchema = z
  .object({
    id: z.uuid(),
    dryRun: z.boolean(),
    deep: z.boolean(),
    state: z.enum(['queued', 'running', 'finished', 'failed']),
    subject: z.string(),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    report: consistencyReportSchema.nullable(),
    workflowId: z.string(),
  })
  .meta({ id: 'ConsistencyAudit' });
export type ConsistencyAudit = z.infer<typeof consistencyAuditSchema>;
export const consistencyAuditsPageSchema = z.object({ audits: z.array(consistencyAuditSchema), next: z.string().nullable() }).meta({ id: 'ConsistencyAuditsPage' });
export const faultsPageSchema = z.object({ faults: z.array(faultSchema), next: z.string().nullable() }).meta({ id: 'ConsistencyFaultsPage' });
