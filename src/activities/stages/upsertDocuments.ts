import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { EmbeddedArtifact, JobScope, StageResult, VersionManifest, WrittenDocument } from '../../contracts/ingestion.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { giveWay } from '../turns/giveWay.ts';
import { documentPoints } from './documentPoints.ts';
import { decodeJson, decodeVectors, encodeJson, jsonMediaType } from './encoding.ts';
import { withoutQuarantined } from './quarantine.ts';
import type { Sorted } from './quarantine.ts';
import { redactSpecification } from './redactSpecification.ts';
import { attempt, progressOf, runStage } from './stage.ts';
import type { StageOutcome } from './stage.ts';
import { markFor } from './vaultMarks.ts';
import { pointsMadeBy } from './pointsMadeBy.ts';
import { withoutSuperseded } from './withoutSuperseded.ts';

/** Points written with one request: about 1 MB of vectors. */
const pointsPerRequest = 256;

/** Writes the chunks of the new versions, invisible still, and the manifest from which a version can be rebuilt without this database. */
export async function upsertDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  return runStage<WrittenDocument>(dependencies, scope, 'upsert', indexes, (all) => withoutSuperseded(dependencies, scope.tenant, all, async (tasks) => {
    const arrived = progressOf<EmbeddedArtifact>(tasks, 'vectors');
    const model = modelOf(dependencies, arrived);
    const specifications = new Map(tasks.map(({ index, specification }, position) => [index, redactSpecification(specification, arrived[position]?.redact, markFor(dependencies, scope.tenant, arrived[position] ?? {}))]));
    const read = (await dependencies.artifacts.getAll(scope.tenant, arrived.map(({ chunks }) => chunks))).map((bytes) => decodeJson<ChunkedDocument>(bytes));
    const { sorted, refused } = await sortPassages(arrived, read);
    const documents = sorted.map(({ document }) => document);
    const chunked = sorted.map((each) => each.chunked);
    const vectors = await dependencies.artifacts.getAll(scope.tenant, documents.map((document) => document.vectors));
    const ingestedAt = new Date().toISOString();
    // Codes that are stored are those that the version was named with: what the tenant has set since is of no account.
    const tokensVersion = dependencies.embedder.tokenVectors?.version;
    let pending: IndexPoint[] = [];
    for (const [position, document] of documents.entries()) {
      const specification = specifications.get(document.index) as DocumentSpecification;
      await giveWay();
      const decoded = decodeVectors(vectors[position] as Uint8Array, dependencies.embedder.contract.dimension, sorted[position]?.passages ?? 0);
      const source = { tenant: scope.tenant, document, specification, policies: specification.policies, visible: false, ingestedAt, recut: null, chunked: chunked[position] as ChunkedDocument, vectors: decoded, tokensVersion };
      for (const point of documentPoints(source)) {
        pending.push(point);
        if (pending.length < pointsPerRequest) continue;
        await dependencies.index.upsert(pending, dependencies.embedder.contract);
        pending = [];
        context.progress(point.payload.chunk.ordinal);
      }
    }
    if (pending.length > 0) await dependencies.index.upsert(pending, dependencies.embedder.contract);
    const manifests = await storeManifests(dependencies, scope, documents, { specifications, chunked, ingestedAt });
    return {
      reused: 0,
      outcomes: [
        ...refused,
        ...documents.map((document, position): StageOutcome<WrittenDocument> => {
          const quarantined = sorted[position]?.quarantined;
          return { ready: { ...document, model, manifest: manifests[position] as ArtifactReference, chunkCount: chunked[position]?.chunks.length ?? 0, ...(quarantined === undefined ? {} : { quarantined }) } };
        }),
      ],
    };
  }));
}

/** The fingerprint of the model that the index is made by. Throws INDEX_MOVED where vectors are of another one. */
function modelOf({ embedder, models }: ActivityDependencies, documents: readonly EmbeddedArtifact[]): string {
  const serving = contractFingerprint(embedder.contract);
  // Vectors of an earlier release do not tell: where there is but one model, they are of that.
  const fits = ({ model }: EmbeddedArtifact): boolean => model === serving || (model === undefined && models.all.length === 1);
  if (!documents.every(fits)) throw new CatalystError('INDEX_MOVED', 'Vectors were made by another model than the index is made by now.');
  return serving;
}

interface SortedDocument {
  readonly document: EmbeddedArtifact;
  /** With the passages that may be searched alone. */
  readonly chunked: ChunkedDocument;
  /** All there are: each has a vector. */
  readonly passages: number;
  readonly quarantined: Failure | undefined;
}

/** Leaves out what is kept from search; a document of which nothing is left ends here. */
async function sortPassages(documents: readonly EmbeddedArtifact[], read: readonly ChunkedDocument[]): Promise<{ readonly sorted: SortedDocument[]; readonly refused: StageOutcome<WrittenDocument>[] }> {
  const sorted: SortedDocument[] = [];
  const refused: StageOutcome<WrittenDocument>[] = [];
  for (const [position, document] of documents.entries()) {
    const whole = read[position] as ChunkedDocument;
    const outcome = await attempt<Sorted>(document.index, () => Promise.resolve().then(() => ({ ready: withoutQuarantined(whole.chunks, document) })));
    if ('finished' in outcome) refused.push(outcome);
    else sorted.push({ document, chunked: { ...whole, chunks: [...outcome.ready.kept] }, passages: whole.chunks.length, quarantined: outcome.ready.quarantined });
  }
  return { sorted, refused };
}

interface ManifestParts {
  readonly specifications: ReadonlyMap<number, DocumentSpecification>;
  readonly chunked: readonly ChunkedDocument[];
  readonly ingestedAt: string;
}

async function storeManifests(dependencies: ActivityDependencies, scope: JobScope, documents: readonly EmbeddedArtifact[], { specifications, chunked, ingestedAt }: ManifestParts): Promise<ArtifactReference[]> {
  const entries = documents.map((document, position) => {
    const { index, ...version } = document;
    const manifest: VersionManifest = { ...version, jobId: scope.jobId, specification: specifications.get(index) as DocumentSpecification, title: chunked[position]?.title ?? '', contract: dependencies.embedder.contract, ingestedAt, made: pointsMadeBy(dependencies) };
    return { bytes: encodeJson(manifest), mediaType: jsonMediaType };
  });
  return dependencies.artifacts.putAll(scope.tenant, 'manifest', entries);
}
