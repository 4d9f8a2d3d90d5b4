import { embeddedTextOf } from '../../contracts/chunks.ts';
import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import type { ChunkedArtifact, EmbeddedArtifact, JobScope, StageResult } from '../../contracts/ingestion.ts';
import type { ArtifactEntry } from '../../ports/artifactStore.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import type { EmbeddingDependencies } from './embedGroups.ts';
import { embedInParts } from './embedInParts.ts';
import type { Parts } from './embedInParts.ts';
import { decodeJson, encodeVectors, vectorsMediaType } from '../stages/encoding.ts';
import type { FairTurns } from '../turns/fairTurns.ts';
import { dropKept } from './keptVectors.ts';
import { reuseOrMake } from '../stages/reuseOutputs.ts';
import { progressOf, runStage } from '../stages/stage.ts';
import { stageKey } from '../stages/stageKeys.ts';
import { groupTexts } from './textGroups.ts';
import type { EmbeddingText } from './textGroups.ts';
import { vectorsVersion } from './textVectors.ts';
import { embedderFor } from './tokenVectorsChoice.ts';

export type EmbedDependencies = ActivityDependencies & Pick<EmbeddingDependencies, 'vectorMemory' | 'unkept' | 'callSize'> & { readonly modelTurns: FairTurns };

/** Passages → vectors: the one expensive step, so that every part of it is kept as soon as it is made. */
export async function embedDocuments(dependencies: EmbedDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  let documents: ChunkedArtifact[] = [];
  let parts: Parts = { keys: [], mayBeKept: () => false };
  let tokens = 0;
  let processorSeconds = 0;
  const line = dependencies.modelTurns.line(scope.tenant, scope.jobId);
  const result = await runStage<EmbeddedArtifact>(dependencies, scope, 'embed', indexes, async (tasks) => {
    documents = progressOf<ChunkedArtifact>(tasks, 'chunks');
    const spend = async (wanted: number, texts: number) => {
      await dependencies.jobs.spendTokens(scope.tenant, scope.jobId, wanted, texts);
      tokens += wanted;
    };
    const run = await reuseOrMake(
      dependencies,
      scope.tenant,
      documents,
      {
        kind: 'vectors',
        keyOf: (document) => stageKey('embed', vectorsVersion(embedderFor(dependencies.embedder, document)), document.chunks.digest),
        make: async (missing) => {
          const made = await makeVectors({ ...dependencies, line, spend, onProcessorTime: (seconds) => (processorSeconds += seconds) }, scope, missing, context);
          parts = made.parts;
          return made.entries;
        },
      },
      (document, vectors): EmbeddedArtifact => ({ ...document, vectors, model: contractFingerprint(dependencies.embedder.contract) }),
    );
    return { ...run, use: { tokens, processorSeconds } };
  });
  await dropParts(dependencies, scope.tenant, documents, parts, context.attempt);
  return result;
}

async function makeVectors(dependencies: EmbedDependencies & EmbeddingDependencies, scope: JobScope, documents: readonly ChunkedArtifact[], context: ActivityContext): Promise<{ readonly entries: ArtifactEntry[]; readonly parts: Parts }> {
  const entries = new Map<ChunkedArtifact, ArtifactEntry>();
  const parts: Parts[] = [];
  for (const { embedder, own } of byEmbedder(dependencies.embedder, documents)) {
    const chunked = await readChunks(dependencies, scope.tenant, own);
    const embedded = await embedInParts({ ...dependencies, embedder }, scope.tenant, chunked.flatMap(textsOf), context);
    parts.push(embedded.parts);
    let next = 0;
    chunked.forEach(({ chunks }, position) => {
      const vectors = embedded.vectors.slice(next, (next += chunks.length));
      entries.set(own[position] as ChunkedArtifact, { bytes: encodeVectors(vectors, embedder.contract.dimension), mediaType: vectorsMediaType });
    });
  }
  return {
    entries: documents.map((document) => entries.get(document) as ArtifactEntry),
    parts: { keys: parts.flatMap(({ keys }) => keys), mayBeKept: () => parts.some(({ mayBeKept }) => mayBeKept()) },
  };
}

/** As a rule one group: the documents of a slice are acquired together, but a change of the setting may fall between two tries. */
function byEmbedder(embedder: Embedder, documents: readonly ChunkedArtifact[]): { readonly embedder: Embedder; readonly own: readonly ChunkedArtifact[] }[] {
  return [...Map.groupBy(documents, ({ tokenVectors }) => tokenVectors).values()].map((own) => ({ embedder: embedderFor(embedder, own[0] as ChunkedArtifact), own }));
}

/** A try before this one may have stored the whole and been cut off before it could drop the parts. */
async function dropParts(dependencies: EmbedDependencies, tenant: string, documents: readonly ChunkedArtifact[], parts: Parts, attempt: number): Promise<void> {
  await dependencies.unkept.release(tenant, parts.keys);
  if (parts.mayBeKept() || (attempt > 1 && parts.keys.length > 0)) return dropKept(dependencies, tenant, parts.keys);
  if (attempt === 1 || documents.length === 0) return;
  for (const { embedder, own } of byEmbedder(dependencies.embedder, documents)) {
    const texts = (await readChunks(dependencies, tenant, own)).flatMap(textsOf);
    await dropKept(dependencies, tenant, groupTexts(vectorsVersion(embedder), texts).map(({ key }) => key));
  }
}

async function readChunks(dependencies: EmbedDependencies, tenant: string, documents: readonly ChunkedArtifact[]): Promise<ChunkedDocument[]> {
  const artifacts = await dependencies.artifacts.getAll(tenant, documents.map((document) => document.chunks));
  return artifacts.map((bytes) => decodeJson<ChunkedDocument>(bytes));
}

function textsOf({ title, chunks }: ChunkedDocument): EmbeddingText[] {
  return chunks.map((chunk) => ({ text: embeddedTextOf(title, chunk), tokens: chunk.tokens }));
}
