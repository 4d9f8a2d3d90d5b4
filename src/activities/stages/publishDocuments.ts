import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { JobScope, StageResult, WrittenDocument } from '../../contracts/ingestion.ts';
import type { DocumentResult } from '../../contracts/jobs.ts';
import type { Attachment, ParsedDocument } from '../../contracts/parsed.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { PublishDecision, PublishRequest, PublishWinner } from '../../ports/documentRegistry.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import { followAttachments } from './attachments.ts';
import type { PublishedParent } from './attachments.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { decodeJson } from './encoding.ts';
import { isShownCut } from './isShownCut.ts';
import { progressOf, runStage } from './stage.ts';
import { withoutSuperseded } from './withoutSuperseded.ts';

/** Verifies that the index holds every chunk exactly once, then shows the new versions, removes the old ones, and takes up the files that were inside. */
export async function publishDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  return runStage<never>(dependencies, scope, 'publish', indexes, (all) => withoutSuperseded(dependencies, scope.tenant, all, async (tasks) => {
    const documents = progressOf<WrittenDocument>(tasks, 'manifest');
    const pages = await readPages(dependencies, scope.tenant, documents);
    context.progress('read');
    const decisions = await publish(dependencies, scope, tasks, documents, pages);
    await followAttachments(dependencies, scope, findParents(documents, tasks, decisions, pages));
    const results = documents.map((document, position) => toResult(document, decisions[position] as PublishDecision, pages[position] as PageRecord));
    return { reused: 0, outcomes: results.map((finished) => ({ finished })) };
  }));
}

async function verifyCounts(dependencies: ActivityDependencies, tenant: string, winners: readonly PublishWinner[]): Promise<void> {
  const counts = await dependencies.index.countVersions(tenant, winners);
  for (const [position, winner] of winners.entries()) {
    const { versionId, chunks } = winner;
    const count = counts[position] ?? 0;
    // A try before this one may have published it, and the index been led elsewhere since.
    if (count !== chunks && !(await isShownCut(dependencies, tenant, winner, count))) throw new CatalystError('VERIFICATION_FAILED', `The index holds ${count} chunks of version ${versionId}; ${chunks} were written.`);
  }
}

interface PageRecord {
  readonly title: string;
  readonly pages: number | null;
  readonly lostPages: readonly number[];
  readonly tokens: number;
  readonly attachments: readonly Attachment[];
}

async function readPages(dependencies: ActivityDependencies, tenant: string, documents: readonly WrittenDocument[]): Promise<PageRecord[]> {
  const texts = await dependencies.artifacts.getAll(tenant, documents.map(({ text }) => text));
  const chunks = await dependencies.artifacts.getAll(tenant, documents.map((document) => document.chunks));
  return texts.map((bytes, position) => {
    const parsed = decodeJson<ParsedDocument>(bytes);
    const chunked = decodeJson<ChunkedDocument>(chunks[position] as Uint8Array);
    const tokens = chunked.chunks.reduce((sum, chunk) => sum + chunk.tokens, 0);
    return { title: chunked.title, pages: parsed.pageCount ?? null, lostPages: parsed.lostPages.map(({ page }) => page), tokens, attachments: parsed.attachments };
  });
}

async function publish(dependencies: ActivityDependencies, scope: JobScope, tasks: readonly JobTask[], documents: readonly WrittenDocument[], pages: readonly PageRecord[]): Promise<PublishDecision[]> {
  const specifications = new Map(tasks.map((task) => [task.index, task.specification]));
  const requests = documents.map((document, position) => toRequest(scope, document, specifications.get(document.index) as DocumentSpecification, pages[position] as PageRecord));
  return dependencies.documents.publish(scope.tenant, requests, async (winners, superseded, kept) => {
    if (winners.length > 0) {
      // In here nobody can lead the alias elsewhere between the count and the switch: that waits for the end of this transaction.
      await verifyCounts(dependencies, scope.tenant, winners);
      await dependencies.index.publish(scope.tenant, winners, kept);
    }
    if (superseded.length > 0) await dependencies.index.deleteVersions(scope.tenant, superseded);
  });
}

function findParents(documents: readonly WrittenDocument[], tasks: readonly JobTask[], decisions: readonly PublishDecision[], pages: readonly PageRecord[]): PublishedParent[] {
  return documents.flatMap(({ versionId }, position) => {
    const decision = decisions[position]?.decision;
    const { specification } = tasks[position] as JobTask;
    // A new document has no earlier attachments; one that a newer request overtook has none to care for.
    if (decision === undefined || decision === 'superseded') return [];
    return [{ versionId, specification, attachments: pages[position]?.attachments ?? [], replacesEarlier: decision === 'updated' }];
  });
}

function toRequest(scope: JobScope, document: WrittenDocument, specification: DocumentSpecification, { pages, title, tokens }: PageRecord): PublishRequest {
  const { documentId, versionId, versionDigest, sequence, chunkCount, fetched, raw, text, chunks, vectors, manifest } = document;
  return {
    documentId,
    versionId,
    versionDigest,
    sequence,
    jobId: scope.jobId,
    chunks: chunkCount,
    pages,
    title,
    sourceKey: specification.sourceKey,
    source: specification.source,
    sourceId: specification.sourceId ?? null,
    parentId: specification.parentId ?? null,
    policies: specification.policies,
    tokens,
    fetched: fetched ?? null,
    artifacts: { raw, text, chunks, vectors, manifest },
  };
}

function toResult(document: WrittenDocument, { decision }: PublishDecision, { pages, lostPages }: PageRecord): DocumentResult {
  const quarantined = decision === 'superseded' ? undefined : document.quarantined;
  const state = lostPages.length > 0 || quarantined !== undefined ? 'partial' : 'succeeded';
  return { index: document.index, state, outcome: decision, versionId: document.versionId, chunks: document.chunkCount, pages, lostPages, failure: quarantined ?? null };
}
