import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { ChunkedArtifact, JobScope, ParsedArtifact, StageResult } from '../../contracts/ingestion.ts';
import type { ParsedDocument } from '../../contracts/parsed.ts';
import { startProcessorTime } from '../../contracts/processorTime.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import { chunkDocument, chunkerVersion } from '../../documents/chunk.ts';
import { redactText } from '../../privacy/redact.ts';
import type { ArtifactEntry } from '../../ports/artifactStore.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { giveWay } from '../turns/giveWay.ts';
import { decodeJson, encodeJson, jsonMediaType } from './encoding.ts';
import { reuseOrMake, settle } from './reuseOutputs.ts';
import { markFor } from './vaultMarks.ts';
import { progressOf, runStage } from './stage.ts';
import { stageKey } from './stageKeys.ts';

type ChunkInput = ParsedArtifact & { readonly title: string | undefined; readonly tier: DocumentSpecification['tier'] };

/** Parsed text → passages with their place in the document. */
export async function chunkDocuments(dependencies: ActivityDependencies, scope: JobScope, indexes: readonly number[], context: ActivityContext): Promise<StageResult> {
  const { settings, tokenizer, embedder } = dependencies;
  const chunk = (input: ChunkInput, text: Uint8Array): ChunkedDocument => {
    const parsed = decodeJson<ParsedDocument>(text);
    const title = input.title ?? parsed.title ?? '';
    return chunkDocument(parsed, { title, settings: settings.chunking, tokenizer, ...(input.tier === undefined ? {} : { tier: input.tier }) });
  };
  let processorSeconds = 0;
  return runStage(dependencies, scope, 'chunk', indexes, async (tasks) => {
    const run = await reuseOrMake<ChunkInput, ChunkedArtifact>(
      dependencies,
      scope.tenant,
      progressOf<ParsedArtifact>(tasks, 'text').map((document, position) => withSpecification(dependencies, scope.tenant, document, tasks[position] as JobTask)),
      {
        kind: 'chunks',
        keyOf: (input) => stageKey('chunk', chunkerVersion, settings.chunking, contractFingerprint(embedder.contract), input.text.digest, input.title ?? null, input.tier ?? null),
        make: async (missing) => {
          const texts = await dependencies.artifacts.getAll(scope.tenant, missing.map((input) => input.text));
          const made: (ArtifactEntry | Error)[] = [];
          for (const [position, input] of missing.entries()) {
            context.progress(position);
            const processorTime = startProcessorTime();
            const chunked = settle(() => Promise.resolve(toEntry(chunk(input, texts[position] as Uint8Array))));
            // All of it is done by now: what waits is the promise alone.
            processorSeconds += processorTime.seconds();
            made.push(await chunked);
            await giveWay();
          }
          return made;
        },
      },
      ({ title: _title, tier: _tier, ...document }, chunks) => ({ ...document, chunks }),
    );
    return { ...run, use: { processorSeconds } };
  });
}

function toEntry(chunked: ChunkedDocument): ArtifactEntry {
  if (chunked.chunks.length === 0) throw new CatalystError('EMPTY_DOCUMENT', 'The document holds no text.');
  return { bytes: encodeJson(chunked), mediaType: jsonMediaType };
}

/** The title given by the caller goes before the one of the source. */
function withSpecification(dependencies: Pick<ActivityDependencies, 'vault'>, tenant: string, document: ParsedArtifact, { specification }: JobTask): ChunkInput {
  const title = specification.title ?? document.sourceTitle;
  return { ...document, title: title === undefined ? undefined : redactText(title, document.redact ?? [], markFor(dependencies, tenant, document)), tier: specification.tier };
}
