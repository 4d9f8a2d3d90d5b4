import { startTestStack } from '../../../infra/local/testStack.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createDeletionRegistry } from '../../../src/adapters/postgres/deletions/deletionRegistry.ts';
import { createDocumentRegistry } from '../../../src/adapters/postgres/documents/documentRegistry.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createLabelRegistry } from '../../../src/adapters/postgres/documents/labelRegistry.ts';
import { createLibrary } from '../../../src/adapters/postgres/documents/library.ts';
import { createStageOutputs } from '../../../src/adapters/postgres/documents/stageOutputs.ts';
import { createUploadRegistry } from '../../../src/adapters/postgres/documents/uploadRegistry.ts';
import { createQdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { createS3ArtifactStore } from '../../../src/adapters/s3/s3ArtifactStore.ts';
import type { ArtifactReference } from '../../../src/contracts/artifacts.ts';
import { digestOf, documentIdOf, newIdentifier, versionIdOf } from '../../../src/contracts/identifiers.ts';
import type { AcquiredDocument, DocumentProgress, WrittenDocument } from '../../../src/contracts/ingestion.ts';
import type { Outcome, Stage } from '../../../src/contracts/jobs.ts';
import type { DocumentSpecification } from '../../../src/contracts/specification.ts';
import type { ArtifactStore } from '../../../src/ports/artifactStore.ts';
import type { PublishDecision, PublishRequest } from '../../../src/ports/documentRegistry.ts';
import { contract } from '../index/indexServer.ts';
import { version as indexed } from '../index/points.ts';

/** A document of the suite: what its text is, and its place. */
export interface Written {
  readonly key: string;
  readonly text: string;
  readonly parentKey?: string;
  readonly sourceId?: string;
}

export interface Ingestion {
  readonly jobId: string;
  readonly specifications: readonly DocumentSpecification[];
  /** In the order of the documents; null before the stage that makes them. */
  readonly progress: (DocumentProgress | null)[];
  readonly sequences: number[];
}

export const entry = (value: string) => ({ bytes: Buffer.from(value), mediaType: 'text/plain' });

/** All five artifacts of a document that has been written. */
export function referencesOf(progress: DocumentProgress): ArtifactReference[] {
  const { raw, text, chunks, vectors, manifest } = progress as WrittenDocument;
  return [raw, text, chunks, vectors, manifest];
}

/** Postgres, S3 and Qdrant of the suite's own, and ingestion step by step as the activities do it, without parser and model. */
export async function openShelf() {
  const stack = await startTestStack({ services: ['postgres', 's3', 'qdrant'] });
  const environment = stack.environment as Record<string, string>;
  const database = openDatabase({ url: environment['DATABASE_URL']!, poolSize: 8 });
  await database.migrate();
  const artifacts = createS3ArtifactStore({
    endpoint: environment['S3_ENDPOINT']!, region: 'us-east-1', bucket: 'shelf', forcePathStyle: true,
    accessKeyId: environment['S3_ACCESS_KEY_ID']!, secretAccessKey: environment['S3_SECRET_ACCESS_KEY']!,
  });
  await artifacts.prepare();
  const index = createQdrantIndex({ url: environment['QDRANT_URL']!, alias: 'shelf', contract, requestTimeoutMs: 30_000 });
  await index.prepare();
  return {
    ...registriesOf(database), database, artifacts, index,
    ...ingesting(database, artifacts, index),
    async close() {
      await index.close();
      await database.close();
      await stack.stop();
    },
  };
}
export type Shelf = Awaited<ReturnType<typeof openShelf>>;

function registriesOf(database: Database) {
  return {
    jobs: createJobRegistry(database),
    documents: createDocumentRegistry(database),
    deletions: createDeletionRegistry(database),
    library: libraryOf(database),
    labels: createLabelRegistry(database),
    outputs: createStageOutputs(database),
    uploads: createUploadRegistry(database),
  };
}

/** As who holds all labels sees it. */
function libraryOf(database: Database) {
  const library = createLibrary(database, { prices: { currency: 'EUR', perMillionTokens: 2, perCredit: 0.5 } });
  const all = (tenant: string) => ({ tenant, policies: 'all' as const });
  return {
    list: (tenant: string, ...rest: Rest<typeof library.list>) => library.list(all(tenant), ...rest),
    find: (tenant: string, documentId: string) => library.find(all(tenant), documentId),
    history: (tenant: string, documentId: string) => library.history(all(tenant), documentId),
    findVersion: (tenant: string, ...rest: Rest<typeof library.findVersion>) => library.findVersion(all(tenant), ...rest),
  };
}

type Rest<Method extends (first: never, ...rest: never) => unknown> = Method extends (first: never, ...rest: infer Others) => unknown ? Others : never;

function ingesting(database: Database, artifacts: ArtifactStore, index: QdrantIndex) {
  const { jobs, documents, outputs } = registriesOf(database);

  /** Texts packed into one object, as POST /v1/ingest/bulk stores them. */
  async function accept(tenant: string, written: readonly Written[], change: (specification: DocumentSpecification, reference: ArtifactReference) => DocumentSpecification = (same) => same): Promise<Ingestion> {
    const jobId = newIdentifier();
    const raws = await artifacts.putAll(tenant, 'raw', written.map(({ text }) => entry(text)));
    const specifications = written.map(({ key, parentKey, sourceId }, position): DocumentSpecification => {
      const reference = raws[position]!;
      const own: DocumentSpecification = {
        index: position, documentId: documentIdOf(tenant, key), sourceKey: key, source: { type: 'text', location: key }, origin: { type: 'stored', reference },
        title: `Title of ${key}`, metadata: { secret: key }, tags: [], policies: [], bytes: reference.length,
        ...(parentKey === undefined ? {} : { parentId: documentIdOf(tenant, parentKey) }), ...(sourceId === undefined ? {} : { sourceId }),
      };
      return change(own, reference);
    });
    await jobs.accept({ tenant, subject: 'tester' }, { jobId, workflowId: `job/${tenant}/${jobId}`, documents: specifications });
    await jobs.markJobRunning(tenant, jobId);
    const tasks = await jobs.loadTasks(tenant, jobId, specifications.map((specification) => specification.index));
    return { jobId, specifications, progress: specifications.map(() => null), sequences: tasks.map(({ sequence }) => sequence) };
  }

  const begin = (tenant: string, { jobId, specifications }: Ingestion, stage: Stage) => jobs.beginStage(tenant, jobId, specifications.map((specification) => specification.index), stage);

  async function acquire(tenant: string, ingestion: Ingestion): Promise<void> {
    await begin(tenant, ingestion, 'acquire');
    ingestion.specifications.forEach(({ index: position, documentId, origin }) => {
      if (origin.type !== 'stored') throw new Error('The suite ingests stored bytes.');
      const versionDigest = digestOf(origin.reference.digest, documentId);
      const sequence = ingestion.sequences[position]!;
      const progress: AcquiredDocument = { index: position, documentId, sequence, versionDigest, versionId: versionIdOf(documentId, versionDigest, sequence), raw: origin.reference, fileName: 'secret.txt' };
      ingestion.progress[position] = progress;
    });
    await keep(tenant, ingestion);
  }

  const keep = (tenant: string, { jobId, progress }: Ingestion) => jobs.endStage(tenant, jobId, progress.map((made, position) => ({ index: position, progress: made! })), []);

  /** The pure steps: one packed object for each, found again by the content of the raw bytes. */
  async function make(tenant: string, ingestion: Ingestion): Promise<void> {
    for (const [stage, kind] of [['parse', 'text'], ['chunk', 'chunks'], ['embed', 'vectors']] as const) {
      await begin(tenant, ingestion, stage);
      const raws = ingestion.progress.map((progress) => progress!.raw);
      const keys = raws.map(({ digest }) => digestOf(kind, digest));
      const found = await outputs.find(tenant, keys);
      const missing = [...new Set(keys.filter((key) => !found.has(key)))];
      const bytes = await artifacts.getAll(tenant, missing.map((key) => raws[keys.indexOf(key)]!));
      const stored = await artifacts.putAll(tenant, kind, bytes.map((raw) => entry(`${kind} of ${Buffer.from(raw).toString()}`)));
      await outputs.record(tenant, missing.map((key, position) => ({ key, reference: stored[position]! })));
      const all = new Map([...found, ...missing.map((key, position) => [key, stored[position]!] as const)]);
      ingestion.progress.forEach((progress, position) => (ingestion.progress[position] = { ...progress!, [kind]: all.get(keys[position]!)! }));
      await keep(tenant, ingestion);
    }
  }

  async function write(tenant: string, ingestion: Ingestion): Promise<void> {
    await begin(tenant, ingestion, 'upsert');
    const manifests = await artifacts.putAll(tenant, 'manifest', ingestion.progress.map((progress) => entry(`manifest ${progress!.versionId}`)));
    for (const [position, progress] of ingestion.progress.entries()) {
      const { documentId, versionId, sequence } = progress as WrittenDocument;
      await index.upsert(indexed({ tenant, name: ingestion.specifications[position]!.sourceKey, sequence, texts: ['One.', 'Two.'], payload: { document: documentId, version: versionId } }).points);
      ingestion.progress[position] = { ...(progress as WrittenDocument), manifest: manifests[position]!, chunkCount: 2 };
    }
    await keep(tenant, ingestion);
  }

  async function publish(tenant: string, ingestion: Ingestion): Promise<PublishDecision[]> {
    const tasks = await begin(tenant, ingestion, 'publish');
    const written = tasks.map((task) => ingestion.progress[task.index] as WrittenDocument);
    const decisions = await documents.publish(tenant, written.map((document) => toRequest(ingestion, document)), async (winners, superseded, kept) => {
      if (winners.length > 0) await index.publish(tenant, winners, kept);
      if (superseded.length > 0) await index.deleteVersions(tenant, superseded);
    });
    await finish(tenant, ingestion, written, decisions.map(({ decision }) => decision));
    return decisions;
  }

  async function finish(tenant: string, { jobId }: Ingestion, written: readonly WrittenDocument[], outcomes: readonly Outcome[]): Promise<void> {
    const results = written.map(({ index: position, versionId }, place) => ({ index: position, state: 'succeeded' as const, outcome: outcomes[place]!, versionId, chunks: 2, pages: null, lostPages: [], failure: null }));
    await jobs.endStage(tenant, jobId, [], results);
    await jobs.finishJob(tenant, jobId);
  }

  async function ingest(tenant: string, written: readonly Written[], change?: Parameters<typeof accept>[2]): Promise<Ingestion> {
    const ingestion = await accept(tenant, written, change);
    await acquire(tenant, ingestion);
    await make(tenant, ingestion);
    await write(tenant, ingestion);
    await publish(tenant, ingestion);
    return ingestion;
  }

  return { accept, acquire, make, write, publish, ingest };
}

function toRequest({ specifications, jobId }: Ingestion, document: WrittenDocument): PublishRequest {
  const { documentId, versionId, versionDigest, sequence, raw, text, chunks, vectors, manifest } = document;
  const { sourceKey, source, sourceId, parentId, title, policies } = specifications[document.index]!;
  return {
    documentId, versionId, versionDigest, sequence, jobId, chunks: 2, pages: null, title: title ?? '', sourceKey, source, sourceId: sourceId ?? null, parentId: parentId ?? null, policies,
    tokens: 1000, fetched: document.fetched ?? null, artifacts: { raw, text, chunks, vectors, manifest },
  };
}
