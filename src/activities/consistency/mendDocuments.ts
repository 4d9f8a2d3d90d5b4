import type { AuditedPoint } from '../../consistency/auditedPoints.ts';
import { findPointFaults } from '../../consistency/findPointFaults.ts';
import type { IsLeftAlone, PointFault } from '../../consistency/findPointFaults.ts';
import type { ConsistencyAudit, Fault } from '../../contracts/consistency.ts';
import type { ConsistencyScope } from '../../contracts/ingestion.ts';
import type { DocumentStanding, PageCounts, SettledDocuments, ShownVersion } from '../../ports/consistencyRegistry.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { addCounts, nothingCounted } from './counts.ts';
import { expectPoints } from './expectedPoints.ts';
import type { Expectation } from './expectedPoints.ts';
import { isInWork, isYoung } from './judgePoint.ts';
import { servingRecut } from '../servingRecut.ts';

export type MendingDependencies = Pick<ActivityDependencies, 'artifacts' | 'consistency' | 'embedder' | 'models' | 'indexAudit' | 'index' | 'generationIndex' | 'settings'>;

/** A document with all that is wrong with its points. */
interface Judged {
  readonly version: ShownVersion;
  readonly expectation: Expectation;
  readonly isLeftAlone: IsLeftAlone;
  readonly faults: readonly PointFault[];
}

/**
 * Compares documents point by point with what their artifacts say, while nothing else can publish, label or delete them, and mends what
 * differs. So a difference that a publication made meanwhile is none, and no publication meets half of a repair.
 */
export async function mendDocuments(dependencies: MendingDependencies, scope: ConsistencyScope, audit: Pick<ConsistencyAudit, 'dryRun'>, documents: readonly string[]): Promise<PageCounts> {
  return dependencies.consistency.whileSettled(scope.tenant, documents, async (settled) => {
    const { judged, counts } = await judgeDocuments(dependencies, scope.tenant, settled);
    const faulty = judged.filter(({ faults }) => faults.length > 0);
    await dependencies.consistency.noteFaults(scope.tenant, scope.auditId, faulty.flatMap((each) => each.faults.map((fault) => toFault(each, fault, audit.dryRun ? 'reported' : 'pending'))));
    // What a try before this one had begun to mend, and cannot be looked at now, is not told as mended.
    const unjudged = documents.filter((document) => !judged.some(({ version }) => version.documentId === document));
    await dependencies.consistency.leaveFaults(scope.tenant, scope.auditId, unjudged);
    await dependencies.consistency.storeSummaries(scope.tenant, judged.map(({ version, expectation }) => ({ ...version, summary: expectation.summary })));
    if (audit.dryRun || faulty.length === 0) return { result: counts, changed: false };
    await mend(dependencies, scope.tenant, faulty);
    await noteOutcome(dependencies, scope, faulty);
    return { result: counts, changed: true };
  }, async () => (await servingRecut(dependencies, scope.tenant))?.id ?? null);
}

async function judgeDocuments(dependencies: MendingDependencies, tenant: string, { shown, standings }: SettledDocuments): Promise<{ readonly judged: Judged[]; readonly counts: PageCounts }> {
  const { points, bytes } = await dependencies.indexAudit.readDocuments(tenant, shown.map(({ documentId }) => documentId), true);
  const present = Map.groupBy(points, ({ document }) => document);
  const standingOf = new Map(standings.map((standing) => [standing.documentId, standing]));
  let counts = addCounts(nothingCounted, { points: points.length, indexBytes: bytes });
  const judged: Judged[] = [];
  for (const version of shown) {
    const own = present.get(version.documentId) ?? [];
    const standing = standingOf.get(version.documentId);
    if (standing === undefined || isInMotion(version, standing, own)) {
      counts = addCounts(counts, { inMotion: 1 });
      continue;
    }
    const expectation = await expectPoints(dependencies, tenant, version, own);
    if (expectation === undefined) {
      counts = addCounts(counts, { uncompared: 1 });
      continue;
    }
    counts = addCounts(counts, { artifactBytes: expectation.bytes });
    const isLeftAlone = (point: AuditedPoint) => isInWork(point, standing) || isYoung(point, dependencies.settings.auditGraceMs);
    judged.push({ version, expectation, isLeftAlone, faults: findPointFaults(expectation.audited, own, isLeftAlone) });
  }
  return { judged, counts };
}

/** A publication that was cut off between index and registry is taken again by its request: points of it are seen that the registry does not show yet. */
function isInMotion(version: ShownVersion, standing: DocumentStanding, points: readonly AuditedPoint[]): boolean {
  return version.inMotion || standing.doomed || points.some((point) => point.visible && point.version !== version.versionId && isInWork(point, standing));
}

/** What is too much goes first, so that no search meets a chunk twice for longer than it did. */
async function mend({ index, indexAudit, embedder }: Pick<MendingDependencies, 'index' | 'indexAudit' | 'embedder'>, tenant: string, faulty: readonly Judged[]): Promise<void> {
  const surplus = faulty.flatMap(({ faults }) => faults.flatMap(({ remedy }) => ('remove' in remedy ? [remedy.remove] : [])));
  if (surplus.length > 0) await indexAudit.removePoints(tenant, surplus);
  const written = faulty.flatMap(({ faults, expectation }) => faults.flatMap(({ remedy }) => ('write' in remedy ? (expectation.written.get(remedy.write.id) ?? []) : [])));
  if (written.length > 0) await index.upsert(written, embedder.contract);
}

/** Looks once more: what is still wrong is not told as mended. */
async function noteOutcome({ consistency, indexAudit }: MendingDependencies, { tenant, auditId }: ConsistencyScope, faulty: readonly Judged[]): Promise<void> {
  const { points } = await indexAudit.readDocuments(tenant, faulty.map(({ version }) => version.documentId), true);
  const present = Map.groupBy(points, ({ document }) => document);
  const again = faulty.flatMap(({ version, expectation, isLeftAlone }) => findPointFaults(expectation.audited, present.get(version.documentId) ?? [], isLeftAlone));
  const left = new Set(again.map(({ remedy }) => placeOf(remedy)));
  await consistency.noteFaults(tenant, auditId, faulty.flatMap((each) => each.faults.map((fault) => toFault(each, fault, left.has(placeOf(fault.remedy)) ? 'lost' : 'mended'))));
}

function placeOf(remedy: PointFault['remedy']): string {
  return 'write' in remedy ? remedy.write.id : remedy.remove.id;
}

function toFault({ version }: Judged, { kind, detail, remedy }: PointFault, outcome: Fault['outcome']): Fault {
  const done = { pending: '', reported: '', remade: '', lost: ' It is as it was: the index did not take the repair.', mended: 'write' in remedy ? ' It was written from the artifacts.' : ' It was removed.' };
  return { kind, place: placeOf(remedy), documentId: version.documentId, versionId: version.versionId, detail: `${detail}${done[outcome]}`, outcome };
}
