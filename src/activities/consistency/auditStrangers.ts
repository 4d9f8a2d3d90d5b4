import type { AuditedPoint } from '../../consistency/auditedPoints.ts';
import type { Fault } from '../../contracts/consistency.ts';
import { uuidSchema } from '../../contracts/identifiers.ts';
import type { ConsistencyScope } from '../../contracts/ingestion.ts';
import type { DocumentStanding } from '../../ports/consistencyRegistry.ts';
import { requireAudit } from './auditDocuments.ts';
import { addCounts, nothingCounted } from './counts.ts';
import { isInWork, isYoung } from './judgePoint.ts';
import type { MendingDependencies } from './mendDocuments.ts';

const pointsPerPage = 5_000;

/**
 * Points that name the tenant and are of no document that is shown. Where as many points name it as its documents have there are none, and
 * nothing is read; else all are, a page at a time.
 */
export async function auditStrangers(dependencies: MendingDependencies, scope: ConsistencyScope, offset: string | null, page: number): Promise<{ readonly next: string | null }> {
  const { consistency, indexAudit } = dependencies;
  const { tenant, auditId } = scope;
  const { dryRun } = await requireAudit(dependencies, scope);
  if (offset === null && (await indexAudit.countTenant(tenant)) === (await consistency.sumPages(tenant, auditId)).ownPoints) return { next: null };
  const { points, bytes, next } = await indexAudit.readTenant(tenant, offset, pointsPerPage);
  const strangers = await chooseStrangers(dependencies, tenant, points);
  if (strangers.length > 0) await mendStrangers(dependencies, scope, dryRun, strangers);
  await consistency.addToReport(tenant, auditId, { step: 'strangers', page }, addCounts(nothingCounted, { points: points.length, indexBytes: bytes }));
  return { next };
}

interface Stranger {
  readonly point: AuditedPoint;
  readonly known: boolean;
}

/** Of requests in work, and lately written, they are no strangers yet. */
async function chooseStrangers({ consistency, settings }: MendingDependencies, tenant: string, points: readonly AuditedPoint[]): Promise<Stranger[]> {
  const documents = namesOf(points);
  const standings = new Map((await consistency.readStandings(tenant, documents)).map((standing) => [standing.documentId, standing]));
  return judge(points, standings, settings.auditGraceMs);
}

function judge(points: readonly AuditedPoint[], standings: ReadonlyMap<string, DocumentStanding>, graceMs: number): Stranger[] {
  return points.flatMap((point) => {
    const standing = standings.get(point.document);
    const isShown = standing?.versionId != null;
    if (isShown || standing?.doomed === true || isYoung(point, graceMs) || (standing !== undefined && isInWork(point, standing))) return [];
    return [{ point, known: standing?.known ?? false }];
  });
}

/** A name that is no identifier is that of no document. */
function namesOf(points: readonly AuditedPoint[]): string[] {
  return [...new Set(points.map(({ document }) => document))].filter((document) => uuidSchema.safeParse(document).success);
}

async function mendStrangers({ consistency, indexAudit, settings }: MendingDependencies, { tenant, auditId }: ConsistencyScope, dryRun: boolean, found: readonly Stranger[]): Promise<void> {
  const points = found.map(({ point }) => point);
  await consistency.whileSettled(tenant, namesOf(points), async ({ standings }) => {
    const strangers = judge(points, new Map(standings.map((standing) => [standing.documentId, standing])), settings.auditGraceMs);
    await consistency.noteFaults(tenant, auditId, strangers.map((stranger) => toFault(stranger, dryRun ? 'reported' : 'pending')));
    if (dryRun || strangers.length === 0) return { result: undefined, changed: false };
    await indexAudit.removePoints(tenant, strangers.map(({ point }) => point));
    await consistency.noteFaults(tenant, auditId, strangers.map((stranger) => toFault(stranger, 'mended')));
    return { result: undefined, changed: true };
  });
}

function toFault({ point, known }: Stranger, outcome: Fault['outcome']): Fault {
  const detail = known ? 'It is left of a document that the registry does not show.' : 'The tenant never had a document of this name.';
  return { kind: known ? 'orphaned-point' : 'foreign-point', place: point.id, documentId: point.document, versionId: point.version, detail: outcome === 'mended' ? `${detail} It was removed.` : detail, outcome };
}
