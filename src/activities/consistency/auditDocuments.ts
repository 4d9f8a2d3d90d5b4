import type { AuditedPoint } from '../../consistency/auditedPoints.ts';
import { bucketRange } from '../../consistency/buckets.ts';
import { differingDocuments, summariseBucket, summariseDocument, summariseExpected } from '../../consistency/summaries.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ConsistencyAudit } from '../../contracts/consistency.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { ConsistencyScope } from '../../contracts/ingestion.ts';
import type { ShownVersion } from '../../ports/consistencyRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { pointsCutBy } from '../stages/pointsMadeBy.ts';
import { auditKept } from './auditKept.ts';
import { addCounts, nothingCounted } from './counts.ts';
import { expectPoints } from './expectedPoints.ts';
import { mendDocuments } from './mendDocuments.ts';
import { servingRecut } from '../servingRecut.ts';
import type { MendingDependencies } from './mendDocuments.ts';

/** What is locked at once, while its artifacts are read: documents, and chunks of them. */
const openedAtOnce = { documents: 8, chunks: 2_000 };

/**
 * Compares a bucket of documents with their points by digests, and opens those that differ. A clean bucket costs one query of the registry
 * and one pass over its points; artifacts are read for documents that differ, and in a deep audit once for each version.
 */
export async function auditDocuments(dependencies: MendingDependencies, scope: ConsistencyScope, bucket: number, buckets: number, context: ActivityContext): Promise<void> {
  const { consistency, indexAudit } = dependencies;
  const audit = await requireAudit(dependencies, scope);
  const recut = (await servingRecut(dependencies, scope.tenant))?.id ?? null;
  const shown = await summarised(dependencies, scope.tenant, await consistency.readShown(scope.tenant, bucketRange(bucket, buckets), recut, audit.deep), audit.deep, context);
  const { points, bytes } = await indexAudit.readDocuments(scope.tenant, shown.map(({ documentId }) => documentId), audit.deep);
  context.progress('compared');
  const expected = new Map(shown.map((version) => [version.documentId, expectedDigest(scope.tenant, version, audit.deep)]));
  const present = Map.groupBy(points, ({ document }) => document);
  const actual = new Map(shown.map((version) => [version.documentId, actualDigest(present.get(version.documentId) ?? [], version, audit.deep)]));
  const opened = differingDocuments(expected, actual);
  let counts = addCounts(nothingCounted, {
    documents: shown.length,
    points: points.length,
    ownPoints: points.filter(({ tenant }) => tenant === scope.tenant).length,
    indexBytes: bytes,
    opened: opened.length,
    uncompared: audit.deep ? shown.filter(({ summary, documentId }) => (summary?.contents ?? null) === null && !opened.includes(documentId)).length : 0,
    digest: summariseBucket(expected),
  });
  const wanted = new Set(opened);
  for (const together of inBatches(shown.filter(({ documentId }) => wanted.has(documentId)))) {
    counts = addCounts(counts, await mendDocuments(dependencies, scope, audit, together));
    context.progress(together);
  }
  await auditKept(dependencies, scope, audit, shown.map(({ documentId }) => documentId), recut);
  context.progress('history');
  await consistency.addToReport(scope.tenant, scope.auditId, { step: 'documents', page: bucket }, counts);
}

function inBatches(versions: readonly ShownVersion[]): string[][] {
  const batches: string[][] = [];
  let chunks = Infinity;
  for (const version of versions) {
    const last = batches.at(-1);
    if (last === undefined || last.length === openedAtOnce.documents || chunks + version.chunks > openedAtOnce.chunks) {
      batches.push([version.documentId]);
      chunks = version.chunks;
    } else {
      last.push(version.documentId);
      chunks += version.chunks;
    }
  }
  return batches;
}

export async function requireAudit({ consistency }: Pick<ActivityDependencies, 'consistency'>, { tenant, auditId }: ConsistencyScope): Promise<ConsistencyAudit> {
  const audit = await consistency.find(tenant, auditId);
  if (audit === undefined) throw new CatalystError('NOT_FOUND', `There is no audit ${auditId}.`);
  return audit;
}

/** A summary that another release made tells nothing; a deep audit makes those that are missing, and keeps them for the next. */
async function summarised(dependencies: MendingDependencies, tenant: string, shown: readonly ShownVersion[], deep: boolean, context: ActivityContext): Promise<ShownVersion[]> {
  const isMadeSo = ({ summary, recut }: ShownVersion): boolean => summary?.made === pointsCutBy(dependencies, recut);
  const versions: ShownVersion[] = [];
  for (const version of shown) {
    if (isMadeSo(version)) versions.push(version);
    else if (!deep) versions.push({ ...version, summary: null });
    else {
      const expectation = await expectPoints(dependencies, tenant, version, []);
      versions.push({ ...version, summary: expectation?.summary ?? null });
      context.progress(versions.length);
    }
  }
  const fresh = versions.flatMap(({ documentId, versionId, summary }, position) => (summary === null || isMadeSo(shown[position] as ShownVersion) ? [] : [{ documentId, versionId, summary }]));
  await dependencies.consistency.storeSummaries(tenant, fresh);
  return versions;
}

/** Without a summary: as many points as the registry says, by the ordinals that most documents have. Those of quarantined passages differ, and are opened once. */
function expectedDigest(tenant: string, version: ShownVersion, deep: boolean): Digest {
  const { documentId, versionId, sequence, policies, recut, summary, chunks } = version;
  const ordinals = summary?.ordinals ?? Array.from({ length: chunks }, (_, ordinal) => ordinal);
  return summariseExpected({ tenant, document: documentId, version: versionId, sequence, visible: true, policies }, recut, ordinals, deep ? (summary?.contents ?? null) : null);
}

function actualDigest(points: readonly AuditedPoint[], { summary }: ShownVersion, deep: boolean): Digest {
  return summariseDocument(points, deep && (summary?.contents ?? null) !== null);
}
