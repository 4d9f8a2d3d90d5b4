import type { VersionManifest } from '../../contracts/ingestion.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import { decodeJson } from '../stages/encoding.ts';
import { storedPoints } from '../stages/storedPoints.ts';
import { giveWay } from '../turns/giveWay.ts';
import type { GenerationDependencies } from './dependencies.ts';

/** Points written with one request: about 1 MB of vectors. */
const pointsPerRequest = 256;

/**
 * Writes documents as searches are to find them into a generation, of their artifacts alone. One that was replaced or deleted since it was
 * read is left out where its artifacts are gone: the generation hears of that change by itself. Throws ARTIFACT_NOT_FOUND and ARTIFACT_CORRUPT
 * where those of a document that is still shown are.
 */
export async function writeVisible(dependencies: GenerationDependencies, generation: string, tenant: string, documents: readonly VisibleDocument[]): Promise<void> {
  if (documents.length === 0) return;
  try {
    await writeTogether(dependencies, generation, tenant, documents);
  } catch (thrown) {
    if (!isLoss(thrown)) throw thrown;
    const [document] = documents;
    if (documents.length > 1 || document === undefined) {
      for (const each of documents) await writeVisible(dependencies, generation, tenant, [each]);
      return;
    }
    const [present] = await dependencies.generations.findDocuments(tenant, [document.documentId]);
    if (present?.versionId === document.versionId) throw thrown;
  }
}

async function writeTogether({ artifacts, embedder, generationIndex }: GenerationDependencies, generation: string, tenant: string, documents: readonly VisibleDocument[]): Promise<void> {
  const bytes = await artifacts.getAll(tenant, documents.flatMap(({ artifacts: { manifest, chunks, vectors } }) => [manifest, chunks, vectors]));
  let pending: IndexPoint[] = [];
  for (const [position, document] of documents.entries()) {
    await giveWay();
    const [manifestBytes, chunks, vectors] = bytes.slice(position * 3, position * 3 + 3) as [Uint8Array, Uint8Array, Uint8Array];
    const manifest = decodeJson<VersionManifest>(manifestBytes);
    const ingestedAt = manifest.ingestedAt ?? document.publishedAt.toISOString();
    for (const point of storedPoints({ tenant, document, manifest, chunks, vectors, ingestedAt, tokensVersion: embedder.tokenVectors?.version })) {
      pending.push(point);
      if (pending.length < pointsPerRequest) continue;
      await generationIndex.write(generation, pending);
      pending = [];
    }
  }
  if (pending.length > 0) await generationIndex.write(generation, pending);
}
