import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOf, versionIdOf } from '../../contracts/identifiers.ts';
import type { AcquiredDocument, JobScope, StageResult } from '../../contracts/ingestion.ts';
import type { Origin } from '../../contracts/specification.ts';
import type { CurrentVersion } from '../../ports/documentRegistry.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { chooseTokenVectors, embedderFor } from '../embedding/tokenVectorsChoice.ts';
import type { TokenVectorsChoice } from '../embedding/tokenVectorsChoice.ts';
import { requireShallow } from './attachments.ts';
import { versionDigestOf } from './pipeline.ts';
import { chooseContentRules, rulesFor } from './contentRules.ts';
import type { ContentRules } from './contentRules.ts';
import { isShownCut } from './isShownCut.ts';
import { checkSize, readContent } from './readContent.ts';
import type { Content } from './readContent.ts';
import { attempt, runStage } from './stage.ts';
import type { StageOutcome, StageRun } from './stage.ts';

/** Fetches what is not stored yet, names the version, and ends documents whose visible version is this one already. */
export async function acquireDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  return runStage(dependencies, scope, 'acquire', indexes, async (tasks) => {
    const outcomes: StageOutcome<AcquiredDocument>[] = [];
    const choice = { ...(await chooseTokenVectors(dependencies, scope.tenant)), ...(await chooseContentRules(dependencies, scope.tenant)) };
    for (const task of tasks) {
      outcomes.push(await attempt(task.index, async () => ({ ready: await acquire(dependencies, scope.tenant, task, choice, context) })));
      context.progress(outcomes.length);
    }
    return endUnchanged(dependencies, scope.tenant, outcomes);
  });
}

async function acquire(dependencies: ActivityDependencies, tenant: string, task: JobTask, choice: TokenVectorsChoice & ContentRules, context: ActivityContext): Promise<AcquiredDocument> {
  const { specification, index, sequence } = task;
  requireShallow(specification);
  const content = await readContent(dependencies, tenant, specification.documentId, specification.origin, context.signal);
  checkSize(dependencies, 'stored' in content ? content.stored.length : content.bytes.length);
  const raw = await store(dependencies, tenant, specification.origin, content);
  const { tokenVectors } = choice;
  const rules = rulesFor(choice, specification);
  const versionDigest = versionDigestOf({ ...dependencies, embedder: embedderFor(dependencies.embedder, choice) }, specification, raw.digest, content.mediaType, rules);
  const versionId = versionIdOf(specification.documentId, versionDigest, sequence);
  return { index, documentId: specification.documentId, sequence, versionId, versionDigest, raw, ...(tokenVectors === undefined ? {} : { tokenVectors }), ...rules, ...describe(content) };
}

/** An artifact that the request named is used where it lies. */
async function store({ artifacts }: ActivityDependencies, tenant: string, origin: Origin, content: Content): Promise<ArtifactReference> {
  if ('stored' in content) return content.stored;
  const { bytes, mediaType = 'application/octet-stream' } = content;
  if (origin.type === 'artifact') return { uri: origin.uri, offset: 0, length: bytes.length, digest: digestOf(bytes), mediaType };
  const [raw] = await artifacts.putAll(tenant, 'raw', [{ bytes, mediaType }]);
  if (raw === undefined) throw new CatalystError('INTERNAL', 'The artifact store returned no reference.');
  return raw;
}

async function endUnchanged(dependencies: ActivityDependencies, tenant: string, outcomes: readonly StageOutcome<AcquiredDocument>[]): Promise<StageRun<AcquiredDocument>> {
  const candidates = outcomes.flatMap((outcome) => ('ready' in outcome ? [outcome.ready] : []));
  const unchanged = await findUnchanged(dependencies, tenant, candidates);
  return {
    reused: unchanged.size,
    use: useOf(candidates),
    outcomes: outcomes.map((outcome) => {
      const current = 'ready' in outcome ? unchanged.get(outcome.ready.documentId) : undefined;
      if (current === undefined || !('ready' in outcome)) return outcome;
      const { versionId, chunks } = current;
      return { finished: { index: outcome.ready.index, state: 'succeeded', outcome: 'unchanged', versionId, chunks, pages: null, lostPages: [], failure: null } };
    }),
  };
}

/**
 * Documents whose visible version is this content already, and whose chunks the index really holds:
 * the index is derived, so one that was lost is filled again by ingesting again.
 */
async function findUnchanged(dependencies: ActivityDependencies, tenant: string, candidates: readonly AcquiredDocument[]): Promise<Map<string, CurrentVersion>> {
  const confirmed = await dependencies.documents.confirmUnchanged(tenant, candidates.map(({ documentId, versionDigest, sequence }) => ({ documentId, versionDigest, sequence })));
  if (confirmed.length === 0) return new Map();
  const counts = await dependencies.index.countVersions(tenant, confirmed);
  const unchanged = new Map<string, CurrentVersion>();
  for (const [position, version] of confirmed.entries()) {
    const count = counts[position] ?? 0;
    if (count === version.chunks || (await isShownCut(dependencies, tenant, version, count))) unchanged.set(version.documentId, version);
  }
  return unchanged;
}

function describe({ mediaType, fileName, url, sourceTitle, fetched }: Content) {
  return {
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(fileName === undefined ? {} : { fileName }),
    ...(url === undefined ? {} : { url }),
    ...(sourceTitle === undefined ? {} : { sourceTitle }),
    ...(fetched === undefined ? {} : { fetched }),
  };
}

function useOf(acquired: readonly AcquiredDocument[]) {
  return { bytes: acquired.reduce((sum, { raw }) => sum + raw.length, 0), credits: acquired.reduce((sum, { fetched }) => sum + (fetched?.credits ?? 0), 0) };
}
