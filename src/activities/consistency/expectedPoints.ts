import type { AuditedPoint } from '../../consistency/auditedPoints.ts';
import { summariseContents } from '../../consistency/summaries.ts';
import { modelVectorsKind, recutChunksKind, recutVectorsKind } from '../../contracts/artifacts.ts';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { VersionManifest } from '../../contracts/ingestion.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { ShownVersion, VersionSummary } from '../../ports/consistencyRegistry.ts';
import type { IndexPoint } from '../../ports/vectorIndex.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { decodeJson } from '../stages/encoding.ts';
import { pointsCutBy, pointsMadeBy } from '../stages/pointsMadeBy.ts';
import { storedPoints } from '../stages/storedPoints.ts';

/** The points of a version as they should be now: as they would be written, and as the audit compares them. */
export interface Expectation {
  readonly written: ReadonlyMap<string, IndexPoint>;
  readonly audited: readonly AuditedPoint[];
  readonly summary: VersionSummary;
  /** Bytes of artifacts that were read. */
  readonly bytes: number;
}

type ReadingDependencies = Pick<ActivityDependencies, 'artifacts' | 'consistency' | 'embedder' | 'models' | 'indexAudit'>;

/**
 * Computes the points of a version from its artifacts, without a model. Undefined where they cannot be: an artifact is lost, or they are of
 * another model. `present`: points that the index has of it, to take the time of ingestion from where the manifest does not tell it.
 */
export async function expectPoints(dependencies: ReadingDependencies, tenant: string, version: ShownVersion, present: readonly AuditedPoint[]): Promise<Expectation | undefined> {
  try {
    return await readExpectation(dependencies, tenant, version, present);
  } catch (thrown) {
    if (isLoss(thrown)) return undefined;
    throw thrown;
  }
}

async function readExpectation(dependencies: ReadingDependencies, tenant: string, version: ShownVersion, present: readonly AuditedPoint[]): Promise<Expectation | undefined> {
  const { artifacts, embedder } = dependencies;
  const [manifestReference, ownChunks, ownVectors] = referencesOf(version);
  const manifest = decodeJson<VersionManifest>(await readManifest(dependencies, tenant, version, manifestReference));
  const model = contractFingerprint(embedder.contract);
  const { recut } = version;
  const parts = (version.artifacts ?? {}) as Readonly<Record<string, ArtifactReference>>;
  const chunksReference = recut === null ? ownChunks : parts[recutChunksKind(recut)];
  const vectorsReference = recut !== null ? parts[recutVectorsKind(recut, model)] : contractFingerprint(manifest.contract) === model ? ownVectors : parts[modelVectorsKind(model)];
  if (chunksReference === undefined || vectorsReference === undefined) return undefined;
  const [chunkBytes, vectorBytes] = (await artifacts.getAll(tenant, [chunksReference, vectorsReference])) as [Uint8Array, Uint8Array];
  const ingestedAt = manifest.ingestedAt ?? mostCommonTime(present, version) ?? version.publishedAt;
  const shown = [...storedPoints({ tenant, document: version, visibleFrom: new Date(version.publishedAt), visibleUntil: version.replacedAt === null ? null : new Date(version.replacedAt), manifest, dimension: embedder.contract.dimension, recut, chunks: chunkBytes, vectors: vectorBytes, ingestedAt, tokensVersion: embedder.tokenVectors?.version })];
  const comparable = dependencies.models.all.some((one) => manifest.made === pointsMadeBy({ embedder: one }));
  const audited = shown.map((point) => toAudited(dependencies, point, comparable));
  return {
    written: new Map(shown.map((point) => [point.id, point])),
    audited,
    summary: { made: pointsCutBy(dependencies, version.recut), ordinals: audited.map(({ ordinal }) => ordinal), contents: comparable ? summariseContents(audited) : null },
    bytes: chunkBytes.byteLength + vectorBytes.byteLength,
  };
}

function referencesOf({ artifacts, versionId }: ShownVersion): [ArtifactReference, ArtifactReference, ArtifactReference] {
  const { manifest, chunks, vectors } = artifacts ?? {};
  if (manifest === undefined || chunks === undefined || vectors === undefined) throw new CatalystError('ARTIFACT_NOT_FOUND', `The registry names no artifacts of version ${versionId}.`);
  return [manifest, chunks, vectors];
}

/** The artifact, or the copy that an audit kept of it. */
export async function readManifest({ artifacts, consistency }: Pick<ReadingDependencies, 'artifacts' | 'consistency'>, tenant: string, version: Pick<ShownVersion, 'documentId' | 'versionId'>, reference: ArtifactReference): Promise<Uint8Array> {
  try {
    return (await artifacts.getAll(tenant, [reference]))[0] as Uint8Array;
  } catch (thrown) {
    const copy = isLoss(thrown) ? (await consistency.findManifests(tenant, [version])).get(version.versionId) : undefined;
    if (copy === undefined) throw thrown;
    return copy;
  }
}

function toAudited({ indexAudit }: Pick<ReadingDependencies, 'indexAudit'>, point: IndexPoint, comparable: boolean): AuditedPoint {
  const { tenant, document, version, sequence, visible, policies, ingestedAt, chunk } = point.payload;
  const digests = comparable ? indexAudit.digestsOf(point) : { content: null, vectors: null };
  return { id: point.id, tenant, document, version, sequence, visible, policies, ordinal: chunk.ordinal, ingestedAt, ...digests };
}

function mostCommonTime(present: readonly AuditedPoint[], { versionId }: ShownVersion): string | undefined {
  const times = Map.groupBy(present.filter(({ version, ingestedAt }) => version === versionId && ingestedAt !== ''), ({ ingestedAt }) => ingestedAt);
  return [...times].sort(([, left], [, right]) => right.length - left.length)[0]?.[0];
}
