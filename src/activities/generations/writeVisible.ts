import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { VersionManifest } from '../../contracts/ingestion.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import type { ActivityContext } from '../activityContext.ts';
import { decodeJson } from '../stages/encoding.ts';
import { storedPoints } from '../stages/storedPoints.ts';
import { giveWay } from '../turns/giveWay.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { vectorsFor } from './modelVectors.ts';
import type { GenerationModel } from './modelVectors.ts';

/** Points written with one request: about 1 MB of vectors. */
const pointsPerRequest = 256;

/**
 * Writes documents as searches are to find them into a generation, of their artifacts, and by its own model where they have no vectors of it
 * yet. One that was replaced or deleted since it was read is left out where its artifacts are gone: the generation hears of that change by
 * itself. Throws ARTIFACT_NOT_FOUND and ARTIFACT_CORRUPT where those of a document that is still shown are, and what the model throws.
 */
export async function writeVisible(dependencies: GenerationDependencies, generation: GenerationModel, tenant: string, documents: readonly VisibleDocument[], context: Pick<ActivityContext, 'progress'>): Promise<void> {
  if (documents.length === 0) return;
  try {
    await writeTogether(dependencies, generation, tenant, documents, context);
  } catch (thrown) {
    if (!isLoss(thrown)) throw thrown;
    const [document] = documents;
    if (documents.length > 1 || document === undefined) {
      for (const each of documents) await writeVisible(dependencies, generation, tenant, [each], context);
      return;
    }
    const [present] = await dependencies.generations.findDocuments(tenant, [document.documentId]);
    if (present?.versionId === document.versionId) throw thrown;
  }
}

async function writeTogether(dependencies: GenerationDependencies, generation: GenerationModel, tenant: string, documents: readonly VisibleDocument[], context: Pick<ActivityContext, 'progress'>): Promise<void> {
  const { artifacts, generationIndex, models } = dependencies;
  const manifests = (await artifacts.getAll(tenant, documents.map(({ artifacts: { manifest } }) => manifest))).map((bytes) => decodeJson<VersionManifest>(bytes));
  const references = await vectorsFor(dependencies, generation, tenant, documents.map((document, position) => ({ document, manifest: manifests[position] as VersionManifest })), context);
  const bytes = await artifacts.getAll(tenant, documents.flatMap(({ artifacts: { chunks } }, position) => [chunks, references[position] as ArtifactReference]));
  const tokensVersion = models.of(generation.contract).tokenVectors?.version;
  let pending: IndexPoint[] = [];
  for (const [position, document] of documents.entries()) {
    await giveWay();
    const [chunks, vectors] = bytes.slice(position * 2, position * 2 + 2) as [Uint8Array, Uint8Array];
    const manifest = manifests[position] as VersionManifest;
    const ingestedAt = manifest.ingestedAt ?? document.publishedAt.toISOString();
    for (const point of storedPoints({ tenant, document, manifest, dimension: generation.contract.dimension, chunks, vectors, ingestedAt, tokensVersion })) {
      pending.push(point);
      if (pending.length < pointsPerRequest) continue;
      await generationIndex.write(generation.id, pending);
      pending = [];
    }
  }
  if (pending.length > 0) await generationIndex.write(generation.id, pending);
}
