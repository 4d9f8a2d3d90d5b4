import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { toCatalystError } from '../../contracts/errors.ts';
import type { VersionManifest } from '../../contracts/ingestion.ts';
import type { VisibleDocument } from '../../ports/generationRegistry.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import { documentPoints } from '../stages/documentPoints.ts';
import { decodeJson, decodeVectors } from '../stages/encoding.ts';
import { withoutQuarantined } from '../stages/quarantine.ts';
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
    const [manifest, chunks, vectors] = bytes.slice(position * 3, position * 3 + 3) as [Uint8Array, Uint8Array, Uint8Array];
    for (const point of pointsOf(tenant, document, { manifest: decodeJson<VersionManifest>(manifest), chunked: decodeJson<ChunkedDocument>(chunks), vectors, tokensVersion: embedder.tokenVectors?.version })) {
      pending.push(point);
      if (pending.length < pointsPerRequest) continue;
      await generationIndex.write(generation, pending);
      pending = [];
    }
  }
  if (pending.length > 0) await generationIndex.write(generation, pending);
}

interface VersionContent {
  readonly manifest: VersionManifest;
  readonly chunked: ChunkedDocument;
  readonly vectors: Uint8Array;
  readonly tokensVersion: string | undefined;
}

function pointsOf(tenant: string, { sequence, policies, publishedAt }: VisibleDocument, { manifest, chunked, vectors, tokensVersion }: VersionContent): Generator<IndexPoint> {
  const { specification, contract, ingestedAt = publishedAt.toISOString() } = manifest;
  return documentPoints({
    tenant,
    document: { documentId: manifest.documentId, versionId: manifest.versionId, sequence },
    specification,
    policies,
    visible: true,
    ingestedAt,
    chunked: { ...chunked, chunks: [...withoutQuarantined(chunked.chunks, manifest).kept] },
    vectors: decodeVectors(vectors, contract.dimension, chunked.chunks.length),
    tokensVersion,
  });
}

function isLoss(thrown: unknown): boolean {
  const { code } = toCatalystError(thrown);
  return code === 'ARTIFACT_NOT_FOUND' || code === 'ARTIFACT_CORRUPT';
}
