import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import { EmbeddingThreadPool } from './embeddingThreadPool.ts';
import { withSignal } from './withSignal.ts';

export interface OnnxEmbedderOptions {
  /** Holds `model.onnx` and `tokenizer.json` of bge-small-en-v1.5. */
  readonly modelDirectory: string;
  /** Threads with a session of their own, about 150 MB each; the machine's processors when absent. */
  readonly threads?: number;
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
  const pool = new EmbeddingThreadPool({ file: new URL('./onnxThread.ts', import.meta.url), threads, data: { modelDirectory: options.modelDirectory, tokenLimit } });
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
    revision: await modelRevision(join(modelDirectory, 'model.onnx')),
    dimension: 384,
    normalised: true,
    dtype: 'int8',
    pooling: 'cls',
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
    passagePrefix: '',
    tokenLimit,
  };
}

/** The first 16 hexadecimal digits of the SHA-256 of the model's file. */
async function modelRevision(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw new CatalystError('EMBEDDER_UNAVAILABLE', `The embedding model cannot be read from ${path}.`, { cause: error });
  }
  return hash.digest('hex').slice(0, 16);
}
