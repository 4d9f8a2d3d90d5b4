import { chunkDocument } from '../../src/documents/chunk.ts';
import { parseDocument } from '../../src/documents/parse.ts';
import { embeddedTextOf } from '../../src/contracts/chunks.ts';
import { createOnnxEmbedder } from '../../src/adapters/embedding/onnxEmbedder.ts';
import { createTokenizer } from '../../src/adapters/embedding/tokenizer.ts';
import type { DocumentInput } from '../../src/sdk/client.ts';
import type { FullStack } from '../support/fullStack.ts';
import { measureIngest } from './ingestRun.ts';
import { round } from './statistics.ts';

export interface EmbeddingReport {
  readonly documents: number;
  readonly chunks: number;
  readonly rawChunksPerSecond: number;
  readonly ingestedChunksPerSecond: number;
  /** End-to-end ingestion against the bare model: 1 would be no cost at all besides it. */
  readonly ratio: number;
}

/**
 * (a) The model alone, on exactly the texts that ingestion embeds, against ingestion end to end.
 * The bare model is measured before and after, since the machine's speed drifts.
 */
export async function benchEmbedding(stack: FullStack, documents: readonly DocumentInput[]): Promise<EmbeddingReport> {
  const modelDirectory = stack.environment['CATALYST_EMBEDDING_MODEL_DIR'] ?? '';
  const texts = await embeddedTexts(modelDirectory, documents);
  const sample = texts.filter((_, position) => position % 2 === 0);
  const before = await measureRaw(modelDirectory, sample);
  const run = await measureIngest(await stack.clientFor('bench-embedding'), documents);
  const after = await measureRaw(modelDirectory, sample);
  if (run.chunks !== texts.length) throw new Error(`Ingestion made ${run.chunks} chunks, the bench ${texts.length}: they do not measure the same.`);
  const raw = (2 * sample.length) / (sample.length / before + sample.length / after);
  const ingested = run.chunks / run.seconds;
  return { documents: documents.length, chunks: run.chunks, rawChunksPerSecond: round(raw), ingestedChunksPerSecond: round(ingested), ratio: round(ingested / raw, 3) };
}

async function embeddedTexts(modelDirectory: string, documents: readonly DocumentInput[]): Promise<string[]> {
  const tokenizer = createTokenizer(modelDirectory);
  const settings = { maximumTokens: 448, overlapTokens: 48 };
  const texts: string[] = [];
  for (const document of documents) {
    if (!('text' in document)) continue;
    const parsed = await parseDocument(new TextEncoder().encode(document.text), { mediaType: 'text/plain', fileName: undefined, url: undefined });
    const { title, chunks } = chunkDocument(parsed, { title: document.title ?? '', settings, tokenizer });
    texts.push(...chunks.map((chunk) => embeddedTextOf(title, chunk)));
  }
  return texts;
}

/** Texts a second, all of them given at once: the embedder sorts and batches as it likes best. */
async function measureRaw(modelDirectory: string, texts: readonly string[]): Promise<number> {
  const embedder = await createOnnxEmbedder({ modelDirectory, threads: 2 });
  try {
    await embedder.embedPassages(texts.slice(0, 16));
    const startedAt = performance.now();
    await embedder.embedPassages(texts);
    return texts.length / ((performance.now() - startedAt) / 1000);
  } finally {
    await embedder.close();
  }
}
