import { createHash } from 'node:crypto';
import type { ArtifactReference } from '../contracts/artifacts.ts';
import { CatalystError } from '../contracts/errors.ts';
import { versionIdOf } from '../contracts/identifiers.ts';
import type { AcquiredDocument, JobScope, StageResult } from '../contracts/ingestion.ts';
import type { CurrentVersion } from '../ports/documentRegistry.ts';
import type { JobTask } from '../ports/jobRegistry.ts';
import type { ActivityContext } from './activityContext.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { versionDigestOf } from './pipeline.ts';
import { attempt, runStage } from './stage.ts';
import type { StageOutcome, StageRun } from './stage.ts';

/** Fetches what is not stored yet, names the version, and ends documents whose visible version is this one already. */
export async function acquireDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  return runStage(dependencies, scope, 'acquire', indexes, async (tasks) => {
    const outcomes: StageOutcome<AcquiredDocument>[] = [];
    for (const task of tasks) {
      outcomes.push(await attempt(task.index, async () => ({ ready: await acquire(dependencies, scope.tenant, task, context) })));
      context.progress(outcomes.length);
    }
    return endUnchanged(dependencies, scope.tenant, outcomes);
  });
}

interface StoredContent {
  readonly raw: ArtifactReference;
  readonly mediaType?: string | undefined;
  readonly fileName?: string | undefined;
  readonly url?: string | undefined;
  readonly sourceTitle?: string | undefined;
}

async function acquire(dependencies: ActivityDependencies, tenant: string, task: JobTask, context: ActivityContext): Promise<AcquiredDocument> {
  const { specification, index, sequence } = task;
  const content = await store(dependencies, tenant, task, context);
  if (content.raw.length === 0) throw new CatalystError('EMPTY_DOCUMENT', 'The document has no bytes.');
  if (content.raw.length > dependencies.settings.maximumDocumentBytes) {
    throw new CatalystError('DOCUMENT_TOO_LARGE', `The document has ${content.raw.length} bytes; the limit is ${dependencies.settings.maximumDocumentBytes}.`);
  }
  const versionDigest = versionDigestOf(dependencies, specification, content.raw.digest, content.mediaType);
  const versionId = versionIdOf(specification.documentId, versionDigest, sequence);
  return { index, documentId: specification.documentId, sequence, versionId, versionDigest, ...withoutUndefined(content) };
}

async function store(dependencies: ActivityDependencies, tenant: string, task: JobTask, context: ActivityContext): Promise<StoredContent> {
  const { origin } = task.specification;
  switch (origin.type) {
    case 'stored':
      return { raw: origin.reference, mediaType: origin.mediaType ?? origin.reference.mediaType, fileName: origin.fileName };
    case 'artifact': {
      const { mediaType } = await dependencies.artifacts.describe(tenant, origin.uri);
      const bytes = await dependencies.artifacts.getObject(tenant, origin.uri, dependencies.settings.maximumDocumentBytes);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}` as const;
      return { raw: { uri: origin.uri, offset: 0, length: bytes.length, digest, mediaType }, mediaType: origin.mediaType ?? mediaType, fileName: fileNameOf(origin.uri) };
    }
    case 'url': {
      const fetched = await dependencies.sources.read(origin.url, context.signal);
      if ('notModified' in fetched) throw new CatalystError('FETCH_FAILED', `${origin.url} says that it is not modified, though it was not asked.`);
      const [raw] = await dependencies.artifacts.putAll(tenant, 'raw', [{ bytes: fetched.bytes, mediaType: fetched.mediaType }]);
      if (raw === undefined) throw new CatalystError('INTERNAL', 'The artifact store returned no reference.');
      return { raw, mediaType: fetched.mediaType, fileName: fileNameOf(new URL(fetched.record.finalUrl).pathname), url: fetched.record.finalUrl, sourceTitle: fetched.title };
    }
  }
}

async function endUnchanged(dependencies: ActivityDependencies, tenant: string, outcomes: readonly StageOutcome<AcquiredDocument>[]): Promise<StageRun<AcquiredDocument>> {
  const candidates = outcomes.flatMap((outcome) => ('ready' in outcome ? [outcome.ready] : []));
  const unchanged = await findUnchanged(dependencies, tenant, candidates);
  return {
    reused: unchanged.size,
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
  return new Map(confirmed.filter((version, position) => counts[position] === version.chunks).map((version) => [version.documentId, version]));
}

function fileNameOf(path: string): string | undefined {
  const name = path.split('/').at(-1);
  return name === undefined || name === '' ? undefined : name;
}

function withoutUndefined(content: StoredContent) {
  const { raw, mediaType, fileName, url, sourceTitle } = content;
  return {
    raw,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(fileName === undefined ? {} : { fileName }),
    ...(url === undefined ? {} : { url }),
    ...(sourceTitle === undefined ? {} : { sourceTitle }),
  };
}
