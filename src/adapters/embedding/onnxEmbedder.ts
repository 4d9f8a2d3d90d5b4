import { availableParallelism } from 'node:os';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { EmbeddingThreadPool } from './embeddingThreadPool.ts';
import { readModelFile } from './modelFile.ts';
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
}

const model = 'bge-small-en-v1.5';
const tokenLimit = 512;

/**
 * The embedded model, in threads of its own: queries come before passages, and concurrent calls share the threads evenly.
 * Resolves once the model is loaded; throws EMBEDDER_UNAVAILABLE where it cannot be.
 */
export async function createOnnxEmbedder(options: OnnxEmbedderOptions): Promise<Embedder & HealthCheck> {
  const contract = await readContract(options.modelDirectory);
  const threads = options.threads ?? availableParallelism();
  const pool = new EmbeddingThreadPool({ file: new URL('./onnxThread.ts', import.meta.url), threads, data: { modelDirectory: options.modelDirectory, tokenLimit, givesWay: options.givesWay ?? false } });
  try {
    await pool.ready();
  } catch (error) {
    await pool.close();
    throw error;
  }
  const embedQuery = (text: string): Promise<Float32Array> => pool.embedUrgently(contract.queryPrefix + text);

  return {
    name: 'embedder',
    contract,
    embedQuery,
    async embedPassages(texts, onProgress) {
      // The longest first: then no thread is left with a long text while the others are through.
      const order = texts.map((_text, index) => index).sort((left, right) => texts[right]!.length - texts[left]!.length);
      const vectors: Float32Array[] = [];
      let done = 0;
      await pool.embedAll(order.map((index) => contract.passagePrefix + texts[index]!), (position, vector) => {
        vectors[order[position]!] = vector;
        onProgress?.((done += 1));
      });
      return vectors;
    },
    async check(signal) {
      await withSignal(embedQuery('health'), signal);
      return `${model} (${contract.revision}, int8) in ${threads} threads`;
    },
    close: () => pool.close(),
  };
}

async function readContract(modelDirectory: string): Promise<EmbeddingContract> {
  return {
    model,
    revision: (await readModelFile(modelDirectory)).revision,
    dimension: 384,
    normalised: true,
    dtype: 'int8',
    pooling: 'cls',
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
    passagePrefix: '',
    tokenLimit,
  };
}
