import type { ConsistencyAudit, Fault } from '../../contracts/consistency.ts';
import type { ConsistencyScope } from '../../contracts/ingestion.ts';
import type { ShownVersion } from '../../ports/consistencyRegistry.ts';
import { expectPoints } from './expectedPoints.ts';
import type { MendingDependencies } from './mendDocuments.ts';
import { servingRecut } from '../servingRecut.ts';

/** Locked at once, while artifacts are read. */
const openedAtOnce = 8;

/**
 * Compares how many points each version has that was replaced and is found as of earlier times: one query of the registry and one of the
 * index, which is of this recut as far as it is known. Where the numbers differ, versions are written anew from their artifacts, or removed where the registry keeps none such.
 */
export async function auditKept(dependencies: MendingDependencies, scope: ConsistencyScope, audit: Pick<ConsistencyAudit, 'dryRun'>, documents: readonly string[], recut: string | null): Promise<void> {
  const { differing } = await compare(dependencies, scope.tenant, documents, recut);
  const opened = [...new Set(differing.map(({ documentId }) => documentId))];
  for (let start = 0; start < opened.length; start += openedAtOnce) await mendKept(dependencies, scope, audit, opened.slice(start, start + openedAtOnce));
}

/** A version that has another number of points than the registry says; `version`: null where it keeps none such. */
interface DifferingVersion {
  readonly documentId: string;
  readonly versionId: string;
  readonly found: number;
  readonly version: ShownVersion | null;
}

async function compare({ consistency, indexAudit }: MendingDependencies, tenant: string, documents: readonly string[], recut: string | null, withArtifacts = false): Promise<{ readonly differing: DifferingVersion[] }> {
  if (documents.length === 0) return { differing: [] };
  const kept = await consistency.readKept(tenant, documents, recut, withArtifacts);
  const counted = await indexAudit.countKept(tenant, documents);
  const found = new Map(counted.map((each) => [each.versionId, each]));
  const known = new Set(kept.map(({ versionId }) => versionId));
  const wrong = kept.flatMap((version): DifferingVersion[] => {
    const points = found.get(version.versionId)?.points ?? 0;
    return points === version.chunks ? [] : [{ documentId: version.documentId, versionId: version.versionId, found: points, version }];
  });
  const strange = counted.filter(({ versionId }) => !known.has(versionId)).map(({ documentId, versionId, points }): DifferingVersion => ({ documentId, versionId, found: points, version: null }));
  return { differing: [...wrong, ...strange] };
}

/** While nothing can publish, label or delete the documents: a difference that a publication made meanwhile is none. */
async function mendKept(dependencies: MendingDependencies, { tenant, auditId }: ConsistencyScope, audit: Pick<ConsistencyAudit, 'dryRun'>, documents: readonly string[]): Promise<void> {
  const { consistency } = dependencies;
  await consistency.whileSettled(tenant, documents, async ({ recut, shown, standings }) => {
    const moving = new Set([...shown.filter(({ inMotion }) => inMotion), ...standings.filter(({ doomed }) => doomed)].map(({ documentId }) => documentId));
    const { differing } = await compare(dependencies, tenant, documents.filter((document) => !moving.has(document)), recut, true);
    await consistency.noteFaults(tenant, auditId, differing.map((each) => toFault(each, audit.dryRun ? 'reported' : 'pending')));
    if (audit.dryRun || differing.length === 0) return { result: undefined, changed: false };
    for (const each of differing) {
      const isMended = await mendVersion(dependencies, tenant, each);
      await consistency.noteFaults(tenant, auditId, [toFault(each, isMended ? 'mended' : 'lost')]);
    }
    return { result: undefined, changed: true };
  }, async () => (await servingRecut(dependencies, tenant))?.id ?? null);
}

async function mendVersion(dependencies: MendingDependencies, tenant: string, { version, documentId, versionId }: DifferingVersion): Promise<boolean> {
  const { index, embedder } = dependencies;
  const expectation = version === null ? undefined : await expectPoints(dependencies, tenant, version, []);
  if (version !== null && expectation === undefined) return false;
  await index.deleteKept(tenant, [{ documentId, versionId }]);
  if (expectation !== undefined) await index.upsert([...expectation.written.values()], embedder.contract);
  return true;
}

function toFault({ documentId, versionId, found, version }: DifferingVersion, outcome: Fault['outcome']): Fault {
  const kind = version === null ? 'orphaned-point' : found < version.chunks ? 'missing-point' : 'stale-point';
  const what = version === null ? `The index has ${found} points for searches as of an earlier time of a version that is not kept.` : `The index has ${found} of the ${version.chunks} points of a version that searches as of an earlier time find.`;
  const done = { pending: '', reported: '', remade: '', lost: ' Its artifacts are lost, or of another model.', mended: version === null ? ' They were removed.' : ' They were written from the artifacts.' };
  return { kind, place: `history of ${versionId}`, documentId, versionId, detail: `${what}${done[outcome]}`, outcome };
}
