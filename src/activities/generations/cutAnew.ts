import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { ChunkedArtifact, JobScope } from '../../contracts/ingestion.ts';
import { hasSettings, isSameChunker } from '../../contracts/recut.ts';
import type { Recut } from '../../contracts/recut.ts';
import type { ActivityContext } from '../activityContext.ts';
import { besideJob } from '../stages/besideJob.ts';
import type { AsideTask } from '../stages/besideJob.ts';
import { chunkDocuments } from '../stages/chunkDocuments.ts';
import { decodeJson, jsonMediaType } from '../stages/encoding.ts';
import { inMemory } from '../stages/inMemory.ts';
import type { MadeBytes } from '../stages/inMemory.ts';
import { withoutQuarantined } from '../stages/quarantine.ts';
import { togetherOrEach } from '../togetherOrEach.ts';
import type { CutDocument, GenerationMake } from './cutDocument.ts';
import type { GenerationDependencies } from './dependencies.ts';
import { chunkersOf } from './makes.ts';

/**
 * Cuts versions by the stage that chunks, from the text that they were parsed to. Left out are those that come out as they came, those of
 * which nothing could be searched, and those that cannot be cut, since their text is lost or refused: they are shown with the passages that
 * they have. Nothing is stored of what is left out. Throws CONFLICT where this process has another chunker.
 */
export async function cutAnew(dependencies: GenerationDependencies, generation: GenerationMake, recut: Recut, tenant: string, documents: readonly CutDocument[], context: Pick<ActivityContext, 'progress'>): Promise<Map<string, CutDocument>> {
  requireChunker(dependencies, generation.id, recut);
  const cut = await togetherOrEach<CutDocument, Cut>(documents, (those) => cutTogether(dependencies, generation, recut, tenant, those, context), { isOfOne: (thrown) => !toCatalystError(thrown).class.retryable, failed: () => [] });
  if (cut.length === 0) return new Map();
  const stored = await dependencies.artifacts.putAll(tenant, 'chunks', cut.map(({ bytes }) => ({ bytes, mediaType: jsonMediaType })));
  return new Map(cut.map(({ own, freshPoints }, position) => [own.document.versionId, { ...own, recut: recut.id, chunks: stored[position] ?? own.chunks, freshPoints }]));
}

function requireChunker(dependencies: GenerationDependencies, id: string, { chunker }: Recut): void {
  const { present, next } = chunkersOf(dependencies);
  if (!isSameChunker(chunker, present) && !isSameChunker(chunker, next)) throw new CatalystError('CONFLICT', `This process has not the chunker of the generation ${id}: ${chunker.maximumTokens} tokens, ${chunker.overlapTokens} of them shared, version ${chunker.version}.`);
}

interface Cut {
  readonly own: CutDocument;
  readonly bytes: Uint8Array;
  /** Passages that may be searched. */
  readonly freshPoints: number;
}

async function cutTogether(dependencies: GenerationDependencies, { id, contract }: GenerationMake, { chunker }: Recut, tenant: string, documents: readonly CutDocument[], context: Pick<ActivityContext, 'progress'>): Promise<Cut[]> {
  const { settings: { chunking, nextChunking = chunking } } = dependencies;
  const tasks = documents.map(({ document, manifest }, index): AsideTask => ({ manifest, progress: { ...manifest, ...document.artifacts, index } }));
  const scope: JobScope = { tenant, subject: 'index', jobId: id };
  const parts = dependencies.embeddings(dependencies.models.of(contract));
  const made: MadeBytes = new Map();
  const aside = inMemory(besideJob({ ...parts, settings: { ...parts.settings, chunking: hasSettings(chunker, nextChunking) ? nextChunking : chunking } }, tasks), made);
  const { ready } = await chunkDocuments(aside, scope, tasks.map((_, index) => index), { signal: new AbortController().signal, attempt: 1, progress: (detail) => context.progress(detail) });
  return ready.flatMap((index): Cut[] => {
    const own = documents[index] as CutDocument;
    const { digest } = (tasks[index]?.progress as ChunkedArtifact).chunks;
    const bytes = made.get(digest);
    if (digest === own.chunks.digest || bytes === undefined) return [];
    const freshPoints = countSearched(own, bytes);
    return freshPoints === 0 ? [] : [{ own, bytes, freshPoints }];
  });
}

function countSearched({ manifest }: CutDocument, bytes: Uint8Array): number {
  try {
    return withoutQuarantined(decodeJson<ChunkedDocument>(bytes).chunks, manifest).kept.length;
  } catch (thrown) {
    if (toCatalystError(thrown).code !== 'DOCUMENT_QUARANTINED') throw thrown;
    return 0;
  }
}
