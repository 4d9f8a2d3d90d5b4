import { z } from 'zod';
import type { artifactKinds} from './artifacts.ts';
import { artifactReferenceSchema } from './artifacts.ts';
import { sourceSchema } from './documents.ts';
import { failureSchema } from './failure.ts';
import { fetchRecordSchema } from './fetched.ts';
import { digestSchema } from './identifiers.ts';
import { outcomes, stages, stateSchema } from './jobs.ts';

/** Kinds of artifacts that make up a version. */
export const versionArtifactKinds = ['raw', 'text', 'chunks', 'vectors', 'manifest'] as const satisfies readonly (typeof artifactKinds)[number][];
export const versionArtifactKindSchema = z.enum(versionArtifactKinds);
export type VersionArtifactKind = z.infer<typeof versionArtifactKindSchema>;

export const storedDocumentSchema = z
  .object({
    id: z.uuid(),
    source: sourceSchema.nullable().meta({ description: 'null once deleted.' }),
    title: z.string().nullable(),
    sourceId: z.uuid().nullable(),
    parentId: z.uuid().nullable(),
    versionId: z.uuid().nullable().meta({ description: 'The version that search shows.' }),
    chunks: z.int().nullable(),
    labels: z.array(z.string()).meta({ description: 'Labels that a reader must hold, all of them.' }),
    labelsSet: z.boolean().meta({ description: 'Whether they were set by hand: then they stay through later ingestions.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    deletedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'StoredDocument' });
export type StoredDocument = z.infer<typeof storedDocumentSchema>;

export const documentsPageSchema = z.object({ documents: z.array(storedDocumentSchema), next: z.string().nullable() }).meta({ id: 'DocumentsPage' });
export type DocumentsPage = z.infer<typeof documentsPageSchema>;

export const versionArtifactSchema = z.object({ kind: versionArtifactKindSchema, ...artifactReferenceSchema.shape }).meta({ id: 'VersionArtifact' });
export type VersionArtifact = z.infer<typeof versionArtifactSchema>;

/** A way to the bytes of one artifact that needs no token. */
export const artifactLinkSchema = z
  .object({
    method: z.literal('GET'),
    url: z.url(),
    headers: z.record(z.string(), z.string()).meta({ description: 'To be sent with the request, exactly so; none for artifacts that lie by themselves.' }),
    expiresAt: z.iso.datetime(),
    bytes: z.int(),
    digest: digestSchema,
    mediaType: z.string().meta({ description: 'As stored; raw content is served as application/octet-stream.' }),
  })
  .meta({ id: 'ArtifactLink' });
export type ArtifactLinkAnswer = z.infer<typeof artifactLinkSchema>;

export const documentVersionSchema = z
  .object({
    id: z.uuid(),
    digest: digestSchema,
    sequence: z.int(),
    jobId: z.uuid(),
    subject: z.string().meta({ description: 'Who asked for it.' }),
    policies: z.array(z.string()).meta({ description: 'Labels that a reader must hold, all of them: of the visible version those of the document, of others those that they were ingested with.' }),
    chunks: z.int(),
    pages: z.int().nullable(),
    tokens: z.int().meta({ description: 'Tokens of its chunks.' }),
    cost: z.number(),
    publishedAt: z.iso.datetime(),
    replacedAt: z.iso.datetime().nullable(),
    fetched: fetchRecordSchema.nullable(),
    artifacts: z.array(versionArtifactSchema),
  })
  .meta({ id: 'DocumentVersion' });
export type DocumentVersion = z.infer<typeof documentVersionSchema>;

/** One request for the document, by one job. */
export const documentRequestRecordSchema = z
  .object({
    sequence: z.int(),
    jobId: z.uuid(),
    index: z.int(),
    subject: z.string(),
    workflow: z.object({ id: z.string(), runId: z.string() }).nullable().meta({ description: 'The workflow that took it up, for the Temporal Web UI.' }),
    state: stateSchema,
    stage: z.enum(stages).nullable(),
    outcome: z.enum(outcomes).nullable(),
    versionId: z.uuid().nullable(),
    failure: failureSchema.nullable(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'DocumentRequestRecord' });

export const documentDeletionRecordSchema = z.object({ deletionId: z.uuid(), sequence: z.int(), subject: z.string(), requestedAt: z.iso.datetime(), finishedAt: z.iso.datetime().nullable() }).meta({ id: 'DocumentDeletionRecord' });

/** All that ever happened to a document, newest first. */
export const documentHistorySchema = z
  .object({ document: storedDocumentSchema, versions: z.array(documentVersionSchema), requests: z.array(documentRequestRecordSchema), deletions: z.array(documentDeletionRecordSchema) })
  .meta({ id: 'DocumentHistory' });
export type DocumentHistory = z.infer<typeof documentHistorySchema>;
