import { availableParallelism } from 'node:os';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { Embedder, OnProcessorTime, TokenVectors } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { EmbeddingThreadPool } from './embeddingThreadPool.ts';
import { readModelFile } from './modelFile.ts';
import type { EmbeddedText, TextForm } from './onnxThreadProtocol.ts';
import { tokenCodesRevision } from './tokenCodes.ts';
import { withSignal } from './withSignal.ts';

export interface OnnxEmbedderOptions {
  /** Holds `model.onnx` and `tokenizer.json` of bge-small-en-v1.5. */
  readonly modelDirectory: string;
  /** Threads with a session of their own, about 150 MB each; the machine's processors when absent. */
  readonly threads?: number;
  /**
   * The threads give way to whatever else the machine has to do: for a process that embeds by the hour beside others whose callers
   * wait, of which searches on the same machine are the first. They still take all that is left.
   */
  readonly givesWay?: boolean;
  /** Whether it has token vectors to offer; where the model's graph is another than the known one, it has none. */
  readonly tokenVectors?: boolean;
}

const model = 'bge-small-en-v1.5';
const tokenLimit = 512;

/**
 * The embedded model, in threads of its own: queries come before passages, and concurrent calls share the threads evenly.
 * Resolves once the model is loaded; throws EMBEDDER_UNAVAILABLE where it cannot be.
 */
export async function createOnnxEmbedder(options: OnnxEmbedderOptions): Promise<Embedder & HealthCheck> {
  const { hasTokens, revision } = await readModelFile(options.modelDirectory);
  const contract = contractOf(revision);
  const threads = options.threads ?? availableParallelism();
  const pool = new EmbeddingThreadPool({ file: new URL('./onnxThread.ts', import.meta.url), threads, data: { modelDirectory: options.modelDirectory, tokenLimit, givesWay: options.givesWay ?? false } });
  try {
    await pool.ready();
  } catch (error) {
    await pool.close();
    throw error;
  }
  const embedQuery: Embedder['embedQuery'] = (text, _tenant, onProcessorTime) => pool.embedUrgently(contract.queryPrefix + text, 'vector', onProcessorTime);
  const embedAll: EmbedAll = async (texts, form, onProgress, onProcessorTime) => {
    // The longest first: then no thread is left with a long text while the others are through.
    const order = texts.map((_text, index) => index).sort((left, right) => texts[right]!.length - texts[left]!.length);
    const embedded: EmbeddedText[] = [];
    let done = 0;
    const keep = (position: number, one: EmbeddedText): void => {
      embedded[order[position]!] = one;
      onProgress?.((done += 1));
    };
    await pool.embedAll(order.map((index) => contract.passagePrefix + texts[index]!), keep, form, onProcessorTime);
    return embedded;
  };

  return {
    name: 'embedder',
    contract,
    embedQuery,
    embedPassages: async (texts, onProgress, onProcessorTime) => (await embedAll(texts, 'vector', onProgress, onProcessorTime)).map(({ vector }) => vector),
    ...(options.tokenVectors === true && hasTokens ? { tokenVectors: tokenVectorsOf(contract, pool, embedAll) } : {}),
    async check(signal) {
      await withSignal(embedQuery('health'), signal);
      return `${model} (${contract.revision}, int8) in ${threads} threads`;
    },
    close: () => pool.close(),
  };
}

type EmbedAll = (texts: readonly string[], form: TextForm, onProgress?: (done: number) => void, onProcessorTime?: OnProcessorTime) => Promise<EmbeddedText[]>;

function tokenVectorsOf(contract: EmbeddingContract, pool: EmbeddingThreadPool, embedAll: EmbedAll): TokenVectors {
  return {
    version: `${contract.revision}-${tokenCodesRevision}`,
    async embedPassages(texts, onProgress, onProcessorTime) {
      const embedded = await embedAll(texts, 'vector and codes', onProgress, onProcessorTime);
      return embedded.map(({ vector, tokenCodes }) => ({ vector, tokenCodes: tokenCodes ?? new Uint8Array() }));
    },
    // Without the prefix, which is an instruction for the vector of the whole: with it the gain is half.
    async embedQueryTokens(text, _tenant, onProcessorTime) {
      const rows = await pool.embedUrgently(text, 'query tokens', onProcessorTime);
      return Array.from({ length: rows.length / contract.dimension }, (_unused, position) => rows.subarray(position * contract.dimension, (position + 1) * contract.dimension));
    },
  };
}

function contractOf(revision: string): EmbeddingContract {
  return {
    model,
    revision,
    dimension: 384,
    normalised: true,
    dtype: 'int8',
    pooling: 'cls',
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
    passagePrefix: '',
    tokenLimit,
  };
}
