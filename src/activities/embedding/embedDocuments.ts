import { embeddedTextOf } from '../../contracts/chunks.ts';
import type { ChunkedDocument } from '../../contracts/chunks.ts';
import type { ChunkedArtifact, EmbeddedArtifact, JobScope, StageResult } from '../../contracts/ingestion.ts';
import type { ArtifactEntry } from '../../ports/artifactStore.ts';
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

type EmbedDependencies = ActivityDependencies & Pick<EmbeddingDependencies, 'vectorMemory' | 'unkept' | 'callSize'> & { readonly modelTurns: FairTurns };

/** Passages → vectors: the one expensive step, so that every part of it is kept as soon as it is made. */
export async function embedDocuments(dependencies: EmbedDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  const version = vectorsVersion(dependencies.embedder);
  let documents: ChunkedArtifact[] = [];
  let parts: Parts = { keys: [], mayBeKept: () => false };
  let tokens = 0;
  const line = dependencies.modelTurns.line(scope.tenant, scope.jobId);
  const result = await runStage<EmbeddedArtifact>(dependencies, scope, 'embed', indexes, async (tasks) => {
    documents = progressOf<ChunkedArtifact>(tasks, 'chunks');
    const spend = async (wanted: number) => {
      await dependencies.jobs.spendTokens(scope.tenant, scope.jobId, wanted);
      tokens += wanted;
    };
    const run = await reuseOrMake(
      dependencies,
      scope.tenant,
      documents,
      {
        kind: 'vectors',
        keyOf: (document) => stageKey('embed', version, document.chunks.digest),
        make: async (missing) => {
          const made = await makeVectors({ ...dependencies, line, spend }, scope, missing, context);
          parts = made.parts;
          return made.entries;
        },
      },
      (document, vectors): EmbeddedArtifact => ({ ...document, vectors }),
    );
    return { ...run, use: { tokens } };
  });
  await dropParts(dependencies, scope.tenant, documents, parts, context.attempt);
  return result;
}

async function makeVectors(dependencies: EmbedDependencies & EmbeddingDependencies, scope: JobScope, documents: readonly ChunkedArtifact[], context: ActivityContext): Promise<{ readonly entries: ArtifactEntry[]; readonly parts: Parts }> {
  const chunked = await readChunks(dependencies, scope.tenant, documents);
  const { vectors, parts } = await embedInParts(dependencies, scope.tenant, chunked.flatMap(textsOf), context);
  const { dimension } = dependencies.embedder.contract;
  let next = 0;
  const entries = chunked.map(({ chunks }) => {
    const own = vectors.slice(next, next + chunks.length);
    next += chunks.length;
    return { bytes: encodeVectors(own, dimension), mediaType: vectorsMediaType };
  });
  return { entries, parts };
}

/** A try before this one may have stored the whole and been cut off before it could drop the parts. */
async function dropParts(dependencies: EmbedDependencies, tenant: string, documents: readonly ChunkedArtifact[], parts: Parts, attempt: number): Promise<void> {
  await dependencies.unkept.release(tenant, parts.keys);
  if (parts.mayBeKept() || (attempt > 1 && parts.keys.length > 0)) return dropKept(dependencies, tenant, parts.keys);
  if (attempt === 1 || documents.length === 0) return;
  const texts = (await readChunks(dependencies, tenant, documents)).flatMap(textsOf);
  await dropKept(dependencies, tenant, groupTexts(vectorsVersion(dependencies.embedder), texts).map(({ key }) => key));
}

async function readChunks(dependencies: EmbedDependencies, tenant: string, documents: readonly ChunkedArtifact[]): Promise<ChunkedDocument[]> {
  const artifacts = await dependencies.artifacts.getAll(tenant, documents.map((document) => document.chunks));
  return artifacts.map((bytes) => decodeJson<ChunkedDocument>(bytes));
}

function textsOf({ title, chunks }: ChunkedDocument): EmbeddingText[] {
  return chunks.map((chunk) => ({ text: embeddedTextOf(title, chunk), tokens: chunk.tokens }));
}
