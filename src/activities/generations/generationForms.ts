import { modelVectorsKind, recutChunksKind, recutVectorsKind } from '../../contracts/artifacts.ts';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { EmbeddedArtifact, JobScope } from '../../contracts/ingestion.ts';
import type { VersionPart } from '../../ports/generationRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import { embedDocuments } from '../embedding/embedDocuments.ts';
import { besideJob } from '../stages/besideJob.ts';
import type { AsideTask } from '../stages/besideJob.ts';
import { cutAnew } from './cutAnew.ts';
import type { CutDocument, GenerationMake, ReadDocument } from './cutDocument.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { isCutting } from './makes.ts';

export interface VersionForm {
  readonly recut: string | null;
  readonly chunks: ArtifactReference;
  readonly vectors: ArtifactReference;
}

/**
 * The form in which a generation shows these versions, in order: passages of its recut where there are any, else those that the version came
 * with, and vectors of its model. What is missing is made by the stages of ingestion, and stays with the version: passages only while documents
 * are cut for this generation, vectors at any time. Throws what the model throws, and REINDEX_BUDGET_EXHAUSTED.
 */
export async function formsFor(dependencies: GenerationDependencies, generation: GenerationMake, tenant: string, read: readonly ReadDocument[], context: Pick<ActivityContext, 'progress'>): Promise<VersionForm[]> {
  const cut = await cutFor(dependencies, generation, tenant, read, context);
  const model = contractFingerprint(generation.contract);
  const known = new Map(cut.flatMap((own): [CutDocument, ArtifactReference][] => {
    const reference = own.freshPoints === undefined ? vectorsOf(own, model) : undefined;
    return reference === undefined ? [] : [[own, reference]];
  }));
  const missing = cut.filter((own) => !known.has(own));
  if (missing.length > 0) for (const [own, reference] of await makeVectors(dependencies, generation, tenant, missing, context)) known.set(own, reference);
  return cut.map((own) => ({ recut: own.recut, chunks: own.chunks, vectors: known.get(own) as ArtifactReference }));
}

async function cutFor(dependencies: GenerationDependencies, generation: GenerationMake, tenant: string, read: readonly ReadDocument[], context: Pick<ActivityContext, 'progress'>): Promise<CutDocument[]> {
  const { recut } = generation;
  const asTheyAre = read.map((own): CutDocument => {
    const found = recut === null ? undefined : own.document.recuts[recut.id];
    return { ...own, recut: found === undefined ? null : (recut?.id ?? null), chunks: found?.chunks ?? own.document.artifacts.chunks };
  });
  if (recut === null || !isCutting(generation)) return asTheyAre;
  const uncut = asTheyAre.filter((own) => own.recut === null);
  const cut = await cutAnew(dependencies, generation, recut, tenant, uncut, context);
  return asTheyAre.map((own) => cut.get(own.document.versionId) ?? own);
}

function vectorsOf({ document, manifest, recut }: CutDocument, model: string): ArtifactReference | undefined {
  if (recut !== null) return document.recuts[recut]?.vectorsOf[model];
  return contractFingerprint(manifest.contract) === model ? document.artifacts.vectors : document.vectorsOf[model];
}

async function makeVectors(dependencies: GenerationDependencies, { id, contract }: GenerationMake, tenant: string, cut: readonly CutDocument[], context: Pick<ActivityContext, 'progress'>): Promise<[CutDocument, ArtifactReference][]> {
  const { generations, models, embeddings } = dependencies;
  const tasks = cut.map(({ document, manifest, chunks }, index): AsideTask => ({ manifest, progress: { ...manifest, ...document.artifacts, chunks, index } }));
  const scope: JobScope = { tenant, subject: 'index', jobId: id };
  const aside = besideJob(embeddings(models.of(contract)), tasks, (tokens) => generations.spendTokens(id, tokens));
  const { finished } = await embedDocuments(aside, scope, tasks.map((_, index) => index), { signal: new AbortController().signal, attempt: 1, progress: (detail) => context.progress(detail) });
  const failure = finished[0]?.failure;
  if (failure != null) throw new CatalystError('EMBEDDER_REJECTED', `The model of the generation ${id} refuses document ${cut[finished[0]?.index ?? 0]?.document.documentId}: ${failure.message}`);
  const made = cut.map((own, index): [CutDocument, ArtifactReference] => [own, (tasks[index]?.progress as EmbeddedArtifact).vectors]);
  await generations.recordParts(tenant, made.flatMap(([own, reference]) => partsOf(own, contractFingerprint(contract), reference)));
  return made;
}

/** Passages are recorded together with vectors of them: whoever finds the ones has the others. */
function partsOf({ document: { documentId, versionId }, recut, chunks, freshPoints }: CutDocument, model: string, vectors: ArtifactReference): VersionPart[] {
  const version = { documentId, versionId };
  if (recut === null) return [{ ...version, kind: modelVectorsKind(model), reference: vectors }];
  return [
    ...(freshPoints === undefined ? [] : [{ ...version, kind: recutChunksKind(recut), reference: chunks, points: freshPoints }]),
    { ...version, kind: recutVectorsKind(recut, model), reference: vectors },
  ];
}
