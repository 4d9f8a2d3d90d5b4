import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Generation } from '../../contracts/generations.ts';
import type { EmbeddedArtifact, JobScope, VersionManifest } from '../../contracts/ingestion.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import { embedDocuments } from '../embedding/embedDocuments.ts';
import { besideJob } from '../stages/besideJob.ts';
import type { AsideTask } from '../stages/besideJob.ts';
import type { GenerationDependencies } from './dependencies.ts';

/** What a generation is made with. */
export type GenerationModel = Pick<Generation, 'id' | 'contract'>;

export interface ReadDocument {
  readonly document: VisibleDocument;
  readonly manifest: VersionManifest;
}

/**
 * Where vectors of these documents by the generation's model lie, in order. Those that the model has never made of a version are made by the
 * stage that embeds, part by part, and stay with the version. Throws what the model throws, and REINDEX_BUDGET_EXHAUSTED.
 */
export async function vectorsFor(dependencies: GenerationDependencies, { id, contract }: GenerationModel, tenant: string, read: readonly ReadDocument[], context: Pick<ActivityContext, 'progress'>): Promise<ArtifactReference[]> {
  const model = contractFingerprint(contract);
  const known = new Map(read.flatMap(({ document, manifest }): [string, ArtifactReference][] => {
    const reference = contractFingerprint(manifest.contract) === model ? document.artifacts.vectors : document.vectorsOf[model];
    return reference === undefined ? [] : [[document.documentId, reference]];
  }));
  const missing = read.filter(({ document }) => !known.has(document.documentId));
  if (missing.length > 0) for (const [documentId, reference] of await makeVectors(dependencies, { id, contract }, tenant, missing, context)) known.set(documentId, reference);
  return read.map(({ document: { documentId } }) => known.get(documentId) as ArtifactReference);
}

async function makeVectors(dependencies: GenerationDependencies, { id, contract }: GenerationModel, tenant: string, read: readonly ReadDocument[], context: Pick<ActivityContext, 'progress'>): Promise<[string, ArtifactReference][]> {
  const { generations, models, embeddings } = dependencies;
  const tasks = read.map(({ document, manifest }, index): AsideTask => ({ manifest, progress: { ...manifest, ...document.artifacts, index } }));
  const scope: JobScope = { tenant, subject: 'index', jobId: id };
  const aside = besideJob(embeddings(models.of(contract)), tasks, (tokens) => generations.spendTokens(id, tokens));
  const { finished } = await embedDocuments(aside, scope, tasks.map((_, index) => index), { signal: new AbortController().signal, attempt: 1, progress: (detail) => context.progress(detail) });
  const failure = finished[0]?.failure;
  if (failure != null) throw new CatalystError('EMBEDDER_REJECTED', `The model of the generation ${id} refuses document ${read[finished[0]?.index ?? 0]?.document.documentId}: ${failure.message}`);
  const made = read.map(({ document: { documentId, versionId } }, index) => ({ documentId, versionId, vectors: (tasks[index]?.progress as EmbeddedArtifact).vectors }));
  await generations.recordVectors(tenant, contractFingerprint(contract), made);
  return made.map(({ documentId, vectors }) => [documentId, vectors]);
}
