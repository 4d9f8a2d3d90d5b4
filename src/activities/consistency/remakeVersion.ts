import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { JobScope, VersionManifest } from '../../contracts/ingestion.ts';
import type { VersionArtifactKind } from '../../contracts/library.ts';
import type { ArtifactEntry, ArtifactStore } from '../../ports/artifactStore.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { embedDocuments } from '../embedding/embedDocuments.ts';
import { createEmbeddingParts } from '../embedding/embeddingParts.ts';
import { besideJob } from '../stages/besideJob.ts';
import type { AsideTask } from '../stages/besideJob.ts';
import { chunkDocuments } from '../stages/chunkDocuments.ts';
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
  const made = new Map<Digest, Uint8Array>();
  const task: AsideTask = { manifest, progress: { ...manifest, ...references, index: 0 } };
  const aside = workAside(dependencies, task, made);
  const scope: JobScope = { tenant, subject: 'consistency', jobId: manifest.jobId };
  const stages = {
    text: () => parseDocuments({ ...aside, parserTurns: new FairTurns(1) }, scope, [0], context),
    chunks: () => chunkDocuments(aside, scope, [0], context),
    vectors: () => embedDocuments(createEmbeddingParts(aside)(aside.embedder), scope, [0], context),
  };
  const bytes = new Map<RemadeKind, Uint8Array>();
  for (const kind of remadeKinds.filter((one) => kinds.includes(one))) {
    const { ready } = await stages[kind]();
    const reference = (task.progress as Partial<Record<RemadeKind, ArtifactReference>>)[kind];
    const found = ready.length === 0 || reference === undefined ? undefined : made.get(reference.digest);
    if (found === undefined) break;
    bytes.set(kind, found);
  }
  return bytes;
}

/** What the stages read is what there is; what they make is kept in memory. */
function workAside(dependencies: ActivityDependencies, task: AsideTask, made: Map<Digest, Uint8Array>): ActivityDependencies {
  return {
    ...besideJob(dependencies, [task]),
    artifacts: artifactsAside(dependencies.artifacts, made),
    stageOutputs: { find: () => Promise.resolve(new Map()), record: () => Promise.resolve(), forget: () => Promise.resolve(), forgetPlaces: () => Promise.resolve() },
  };
}

function artifactsAside(artifacts: ArtifactStore, made: Map<Digest, Uint8Array>): ArtifactStore {
  const keep = ({ bytes, mediaType }: ArtifactEntry): ArtifactReference => {
    const digest = digestOf(bytes);
    made.set(digest, bytes);
    return { uri: `s3://aside/${digest}`, offset: 0, length: bytes.byteLength, digest, mediaType };
  };
  return {
    ...artifacts,
    // Files inside a message are artifacts of their own, which the text names by their address: the same bytes lie at the same one.
    putAll: (tenant, kind, entries) => (kind === 'raw' ? artifacts.putAll(tenant, kind, entries) : Promise.resolve(entries.map(keep))),
    async getAll(tenant, references) {
      const stored = references.filter(({ digest }) => !made.has(digest));
      const read = new Map((await artifacts.getAll(tenant, stored)).map((bytes, position) => [stored[position]?.digest, bytes]));
      return references.map(({ digest }) => made.get(digest) ?? (read.get(digest) as Uint8Array));
    },
  };
}
