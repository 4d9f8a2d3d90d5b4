import type { ChunkedDocument } from '../../contracts/chunks.ts';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { ChunkedArtifact, JobScope } from '../../contracts/ingestion.ts';
import { hasSettings, isSameChunker } from '../../contracts/recut.ts';
import type { Recut } from '../../contracts/recut.ts';
import type { ActivityContext } from '../activityContext.ts';
import { besideJob } from '../stages/besideJob.ts';
import type { AsideTask } from '../stages/besideJob.ts';
import { chunkDocuments } from '../stages/chunkDocuments.ts';
import { decodeJson } from '../stages/encoding.ts';
import { withoutQuarantined } from '../stages/quarantine.ts';
import type { GenerationDependencies } from './dependencies.ts';
import type { CutDocument, GenerationMake } from './cutDocument.ts';
import { chunkersOf } from './makes.ts';

/**
 * Cuts versions by the stage that chunks, from the text that they were parsed to. Left out are those that come out as they came, and those of
 * which nothing could be searched: they are shown with the passages that they have. Throws CONFLICT where this process has another chunker.
 */
export async function cutAnew(dependencies: GenerationDependencies, { id, contract }: GenerationMake, { id: recut, chunker }: Recut, tenant: string, documents: readonly CutDocument[], context: Pick<ActivityContext, 'progress'>): Promise<Map<string, CutDocument>> {
  if (documents.length === 0) return new Map();
  const { present, next } = chunkersOf(dependencies);
  if (!isSameChunker(chunker, present) && !isSameChunker(chunker, next)) throw new CatalystError('CONFLICT', `This process has not the chunker of the generation ${id}: ${chunker.maximumTokens} tokens, ${chunker.overlapTokens} of them shared, version ${chunker.version}.`);
  const chunking = hasSettings(chunker, present) ? dependencies.settings.chunking : (dependencies.settings.nextChunking ?? dependencies.settings.chunking);
  const tasks = documents.map(({ document, manifest }, index): AsideTask => ({ manifest, progress: { ...manifest, ...document.artifacts, index } }));
  const scope: JobScope = { tenant, subject: 'index', jobId: id };
  const parts = dependencies.embeddings(dependencies.models.of(contract));
  const aside = besideJob({ ...parts, settings: { ...parts.settings, chunking } }, tasks);
  const { ready } = await chunkDocuments(aside, scope, tasks.map((_, index) => index), { signal: new AbortController().signal, attempt: 1, progress: (detail) => context.progress(detail) });
  const cut = ready.flatMap((index): CutDocument[] => {
    const [own, { chunks }] = [documents[index] as CutDocument, tasks[index]?.progress as ChunkedArtifact];
    return chunks.digest === own.chunks.digest ? [] : [{ ...own, recut, chunks }];
  });
  const bytes = await dependencies.artifacts.getAll(tenant, cut.map(({ chunks }) => chunks));
  return new Map(cut.flatMap((own, position): [string, CutDocument][] => {
    const freshPoints = countSearched(own, bytes[position] as Uint8Array);
    return freshPoints === 0 ? [] : [[own.document.versionId, { ...own, freshPoints }]];
  }));
}

function countSearched({ manifest }: CutDocument, bytes: Uint8Array): number {
  try {
    return withoutQuarantined(decodeJson<ChunkedDocument>(bytes).chunks, manifest).kept.length;
  } catch (thrown) {
    if (toCatalystError(thrown).code !== 'DOCUMENT_QUARANTINED') throw thrown;
    return 0;
  }
}
