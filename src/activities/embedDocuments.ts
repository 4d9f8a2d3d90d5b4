import { embeddedTextOf } from '../contracts/chunks.ts';
import type { ChunkedDocument } from '../contracts/chunks.ts';
import { contractFingerprint } from '../contracts/embedding.ts';
import type { ChunkedArtifact, EmbeddedArtifact, JobScope, StageResult } from '../contracts/ingestion.ts';
import type { ArtifactEntry } from '../ports/artifactStore.ts';
import type { ActivityContext } from './activityContext.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { dropParts, embedInParts } from './embedInParts.ts';
import type { EmbeddingText, KeptPart } from './embedInParts.ts';
import { decodeJson, encodeVectors, vectorsMediaType } from './encoding.ts';
import { reuseOrMake } from './reuseOutputs.ts';
import { progressOf, runStage } from './stage.ts';
import { stageKey } from './stageKeys.ts';

/** Passages → vectors: the one expensive step, so that every part of it is kept as soon as it is made. */
export async function embedDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  const fingerprint = contractFingerprint(dependencies.embedder.contract);
  const keptParts: KeptPart[] = [];
  const result = await runStage<EmbeddedArtifact>(dependencies, scope, 'embed', indexes, (tasks) =>
    reuseOrMake(
      dependencies,
      scope.tenant,
      progressOf<ChunkedArtifact>(tasks, 'chunks'),
      {
        kind: 'vectors',
        keyOf: (document) => stageKey('embed', fingerprint, document.chunks.digest),
        make: (missing) => makeVectors(dependencies, scope, missing, context, keptParts),
      },
      (document, vectors) => ({ ...document, vectors }),
    ),
  );
  await dropParts(dependencies, scope.tenant, keptParts);
  return result;
}

async function makeVectors(dependencies: ActivityDependencies, scope: JobScope, documents: readonly ChunkedArtifact[], context: ActivityContext, keptParts: KeptPart[]): Promise<ArtifactEntry[]> {
  const artifacts = await dependencies.artifacts.getAll(scope.tenant, documents.map((document) => document.chunks));
  const chunked = artifacts.map((bytes) => decodeJson<ChunkedDocument>(bytes));
  const texts = chunked.flatMap(({ title, chunks }): EmbeddingText[] => chunks.map((chunk) => ({ text: embeddedTextOf(title, chunk), tokens: chunk.tokens })));
  const embedded = await embedInParts(dependencies, scope.tenant, texts, context);
  keptParts.push(...embedded.keptParts);
  const { dimension } = dependencies.embedder.contract;
  let next = 0;
  return chunked.map(({ chunks }) => {
    const own = embedded.vectors.slice(next, next + chunks.length);
    next += chunks.length;
    return { bytes: encodeVectors(own, dimension), mediaType: vectorsMediaType };
  });
}
