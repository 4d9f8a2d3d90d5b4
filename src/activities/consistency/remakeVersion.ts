import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { ChunkedArtifact, JobScope, StageResult, VersionManifest } from '../../contracts/ingestion.ts';
import type { VersionArtifactKind } from '../../contracts/library.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { embedDocuments } from '../embedding/embedDocuments.ts';
import { createEmbeddingParts } from '../embedding/embeddingParts.ts';
import { besideJob } from '../stages/besideJob.ts';
import type { AsideTask } from '../stages/besideJob.ts';
import { chunkDocuments } from '../stages/chunkDocuments.ts';
import { inMemory } from '../stages/inMemory.ts';
import type { MadeBytes } from '../stages/inMemory.ts';
import { parseDocuments } from '../stages/parseDocuments.ts';
import { FairTurns } from '../turns/fairTurns.ts';

/** Kinds that a stage of ingestion can make again of the others, in the order of the flow. */
export const remadeKinds = ['text', 'chunks', 'vectors'] as const satisfies readonly VersionArtifactKind[];
export type RemadeKind = (typeof remadeKinds)[number];

/**
 * Makes artifacts of a version again with the stages that made them: parse, chunk, and, where vectors are lost, embed, the only one that
 * calls the model. Nothing is stored or recorded: the bytes are answered, for the caller to compare with what is to be replaced.
 * `references`: what the registry names. Throws what a stage throws as a whole; a kind that a stage refuses to make is not answered.
 */
export async function remakeVersion(dependencies: ActivityDependencies, tenant: string, manifest: VersionManifest, references: Readonly<Record<VersionArtifactKind, ArtifactReference>>, kinds: readonly RemadeKind[], context: ActivityContext): Promise<Map<RemadeKind, Uint8Array>> {
  const made: MadeBytes = new Map();
  const task: AsideTask = { manifest, progress: { ...manifest, ...references, index: 0 } };
  const aside = inMemory(besideJob(dependencies, [task]), made);
  const scope: JobScope = { tenant, subject: 'consistency', jobId: manifest.jobId };
  const stages = {
    text: () => parseDocuments({ ...aside, parserTurns: new FairTurns(1) }, scope, [0], context),
    chunks: () => cutAsBefore(aside, scope, task, references.chunks.digest, context),
    vectors: () => embedDocuments(createEmbeddingParts(aside)(aside.embedder), scope, [0], context),
  };
  const bytes = new Map<RemadeKind, Uint8Array>();
  for (const kind of remadeKinds.filter((one) => kinds.includes(one))) {
    const { ready } = await stages[kind]();
    const reference = (task.progress as Partial<Record<RemadeKind, ArtifactReference>>)[kind];
    const found = ready.length === 0 || reference === undefined ? undefined : made.get(reference.digest);
    if (found === undefined) break;
    bytes.set(kind, found);
    // Vectors of other passages would fit nothing that is stored.
    if (kind === 'chunks' && reference?.digest !== references.chunks.digest) break;
  }
  return bytes;
}

/** By the chunker of the process that makes what was there: the version may have come before the index was cut anew, or after. */
async function cutAsBefore(dependencies: ActivityDependencies, scope: JobScope, task: AsideTask, wanted: Digest, context: ActivityContext): Promise<StageResult> {
  const { settings } = dependencies;
  const before = task.progress;
  const result = await chunkDocuments(dependencies, scope, [0], context);
  const cut = (task.progress as Partial<ChunkedArtifact>).chunks?.digest;
  if (cut === wanted || settings.nextChunking === undefined) return result;
  task.progress = before;
  return chunkDocuments({ ...dependencies, settings: { ...settings, chunking: settings.nextChunking } }, scope, [0], context);
}
