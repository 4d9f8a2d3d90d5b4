import { digestOf } from '../../contracts/identifiers.ts';
import type { JobScope, StageResult } from '../../contracts/ingestion.ts';
import type { DocumentResult, Preview } from '../../contracts/jobs.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { redactParsed } from '../../documents/redactParsed.ts';
import { redactText } from '../../privacy/redact.ts';
import { chunkDocument } from '../../documents/chunk.ts';
import type { OnProcessorTime } from '../../ports/embedder.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { chooseTokenVectors, embedderFor } from '../embedding/tokenVectorsChoice.ts';
import { versionDigestOf } from './pipeline.ts';
import { chooseContentRules, rulesFor } from './contentRules.ts';
import type { ContentRules } from './contentRules.ts';
import { checkSize, readContent } from './readContent.ts';
import { attempt, runStage } from './stage.ts';
import type { StageOutcome } from './stage.ts';
import { markFor } from './vaultMarks.ts';

/** The one stage of a dry run: what would be fetched, parsed and chunked, without storing anything of it. */
export async function previewDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  return runStage<never>(dependencies, scope, 'preview', indexes, async (tasks) => {
    const outcomes: StageOutcome<never>[] = [];
    const use = { bytes: 0, credits: 0, processorSeconds: 0 };
    const asIngested = { ...dependencies, embedder: embedderFor(dependencies.embedder, await chooseTokenVectors(dependencies, scope.tenant)) };
    const rules = await chooseContentRules(dependencies, scope.tenant);
    for (const task of tasks) {
      outcomes.push(
        await attempt(task.index, async () => {
          const { result, credits } = await preview(asIngested, scope.tenant, task, rulesFor(rules, task.specification), context, (seconds) => (use.processorSeconds += seconds));
          use.bytes += result.preview.bytes;
          use.credits += credits;
          return { finished: result };
        }),
      );
      context.progress(outcomes.length);
    }
    return { outcomes, reused: 0, use };
  });
}

async function preview(dependencies: ActivityDependencies, tenant: string, task: JobTask, rules: ContentRules, context: ActivityContext, onProcessorTime: OnProcessorTime): Promise<{ readonly result: DocumentResult & { readonly preview: Preview }; readonly credits: number }> {
  const { specification, index } = task;
  const content = await readContent(dependencies, tenant, specification.documentId, specification.origin, context.signal);
  const bytes = 'stored' in content ? ((await dependencies.artifacts.getAll(tenant, [content.stored]))[0] as Uint8Array) : content.bytes;
  checkSize(dependencies, bytes.length);
  const { mediaType, fileName, url } = content;
  const { redact = [] } = rules;
  const mark = markFor(dependencies, tenant, rules);
  const parsed = redactParsed(await dependencies.parser.parse(bytes, { mediaType, fileName, url }, onProcessorTime), redact, mark);
  const title = redactText(specification.title ?? content.sourceTitle ?? parsed.title ?? '', redact, mark);
  const { chunks } = chunkDocument(parsed, { title, settings: dependencies.settings.chunking, tokenizer: dependencies.tokenizer, ...(specification.tier === undefined ? {} : { tier: specification.tier }) });
  if (chunks.length === 0) throw new CatalystError('EMPTY_DOCUMENT', 'The document holds no text.');
  const found: Preview = {
    mediaType: parsed.mediaType,
    title,
    language: parsed.language ?? null,
    bytes: bytes.length,
    pages: parsed.pageCount ?? null,
    chunks: chunks.length,
    tokens: chunks.reduce((sum, chunk) => sum + chunk.tokens, 0),
    change: await findChange(dependencies, tenant, specification, bytes, mediaType, rules),
  };
  const lostPages = parsed.lostPages.map(({ page }) => page);
  const result = { index, state: lostPages.length > 0 ? 'partial' : 'succeeded', outcome: 'previewed', versionId: null, chunks: chunks.length, pages: found.pages, lostPages, failure: null, preview: found } as const;
  return { result, credits: content.fetched?.credits ?? 0 };
}

async function findChange(dependencies: ActivityDependencies, tenant: string, specification: DocumentSpecification, bytes: Uint8Array, mediaType: string | undefined, rules: ContentRules): Promise<Preview['change']> {
  const visible = await dependencies.library.findVersion({ tenant, policies: 'all' }, specification.documentId, undefined);
  if (visible === undefined) return 'create';
  return visible.digest === versionDigestOf(dependencies, specification, digestOf(bytes), mediaType, rules) ? 'none' : 'update';
}
