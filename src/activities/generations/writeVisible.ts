import { CatalystError } from '../../contracts/errors.ts';
import type { VersionManifest } from '../../contracts/ingestion.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import type { ActivityContext } from '../activityContext.ts';
import { decodeJson } from '../stages/encoding.ts';
import { storedPoints } from '../stages/storedPoints.ts';
import { togetherOrEach } from '../togetherOrEach.ts';
import { giveWay } from '../turns/giveWay.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { formsFor } from './generationForms.ts';
import type { VersionForm } from './generationForms.ts';
import type { GenerationMake } from './cutDocument.ts';
import type { CutVersion } from '../../ports/generationIndex.ts';

/** Points written with one request: about 1 MB of vectors. */
const pointsPerRequest = 256;

/**
 * Writes versions as searches are to find them, now or as of an earlier time, into a generation, of their artifacts, and by its own model and
 * chunker where they have no such form yet. Answers how those that were written are cut. One that was replaced or deleted since it was read is left out where its artifacts are gone: the generation
 * hears of that change by itself. Throws ARTIFACT_NOT_FOUND and ARTIFACT_CORRUPT where those of a version that is still shown, or kept for
 * searches as of an earlier time, are, and what the model throws.
 */
export async function writeVisible(dependencies: GenerationDependencies, generation: GenerationMake, tenant: string, documents: readonly VisibleDocument[], context: Pick<ActivityContext, 'progress'>): Promise<CutVersion[]> {
  const { generations } = dependencies;
  const failed = async ({ documentId, versionId }: VisibleDocument, thrown: unknown): Promise<CutVersion[]> => {
    const present = [...(await generations.findDocuments(tenant, [documentId])), ...(await generations.findKept(tenant, [documentId]))];
    if (present.some((version) => version.versionId === versionId)) throw thrown;
    return [];
  };
  return togetherOrEach(documents, (those) => writeTogether(dependencies, generation, tenant, those, context), { isOfOne: isLoss, failed });
}

async function writeTogether(dependencies: GenerationDependencies, generation: GenerationMake, tenant: string, documents: readonly VisibleDocument[], context: Pick<ActivityContext, 'progress'>): Promise<CutVersion[]> {
  const { artifacts, generationIndex, models } = dependencies;
  documents.forEach(requireArtifacts);
  const manifests = (await artifacts.getAll(tenant, documents.map(({ artifacts: { manifest } }) => manifest))).map((bytes) => decodeJson<VersionManifest>(bytes));
  const forms = await formsFor(dependencies, generation, tenant, documents.map((document, position) => ({ document, manifest: manifests[position] as VersionManifest })), context);
  const bytes = await artifacts.getAll(tenant, forms.flatMap(({ chunks, vectors }) => [chunks, vectors]));
  const tokensVersion = models.of(generation.contract).tokenVectors?.version;
  let pending: IndexPoint[] = [];
  for (const [position, document] of documents.entries()) {
    await giveWay();
    const [chunks, vectors] = bytes.slice(position * 2, position * 2 + 2) as [Uint8Array, Uint8Array];
    const manifest = manifests[position] as VersionManifest;
    const ingestedAt = manifest.ingestedAt ?? document.publishedAt.toISOString();
    for (const point of storedPoints({ tenant, document, visibleFrom: document.publishedAt, visibleUntil: document.replacedAt, manifest, dimension: generation.contract.dimension, recut: (forms[position] as VersionForm).recut, chunks, vectors, ingestedAt, tokensVersion })) {
      pending.push(point);
      if (pending.length < pointsPerRequest) continue;
      await generationIndex.write(generation.id, pending);
      pending = [];
    }
  }
  if (pending.length > 0) await generationIndex.write(generation.id, pending);
  return documents.map(({ versionId }, position) => ({ versionId, recut: (forms[position] as VersionForm).recut }));
}

/** Of a version that is just being taken out of the history the registry may name none any more. */
function requireArtifacts({ versionId, artifacts }: VisibleDocument): void {
  const { manifest, chunks, vectors }: Partial<VisibleDocument['artifacts']> = artifacts;
  if (manifest === undefined || chunks === undefined || vectors === undefined) throw new CatalystError('ARTIFACT_NOT_FOUND', `The registry names no artifacts of version ${versionId}.`);
}
