import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { CatalystError } from '../../contracts/errors.ts';
import type { RerankCandidate, Reranker } from '../../ports/reranker.ts';
import type { CrossEncoderAnswer, CrossEncoderTask } from './crossEncoderTask.ts';
import { probeReranker } from './probeReranker.ts';

export interface CrossEncoderOptions {
  /** Holds `model.onnx` and `tokenizer.json`. */
  readonly modelDirectory: string;
  /** The name that is shown. */
  readonly model: string;
  /** Threads with a session of their own. */
  readonly threads: number;
  /** After this time it answers with the passages that are done, the best of the fused order first. */
  readonly answerWithinMs: number;
}

const tokenLimit = 512;
/** Small, so that the threads end together and the first ranks are done first. */
const textsInTask = 4;

/** A local BERT cross-encoder, such as ms-marco-MiniLM-L-6-v2. Throws RERANKER_UNAVAILABLE where the folder holds none that works. */
export async function createCrossEncoderReranker(options: CrossEncoderOptions): Promise<Reranker> {
  const { modelDirectory, threads } = options;
  const model = `${options.model}@${await digestOf(join(modelDirectory, 'model.onnx'))}`;
  const pool = new CrossEncoderPool(options);
  const rerank: Reranker['rerank'] = (query, candidates, signal) => pool.rerank(query, candidates, signal, options.answerWithinMs);
  const never = new AbortController().signal;
  try {
    // One for each thread, so that all have loaded the model before the first search.
    await Promise.all(Array.from({ length: threads }, () => probeReranker((query, candidates) => pool.rerank(query, candidates, never), never)));
  } catch (error) {
    await pool.close();
    throw error;
  }
  return {
    name: 'reranker',
    provider: 'cross-encoder',
    model,
    pointwise: true,
    rerank,
    async check(signal) {
      await probeReranker(rerank, signal);
      return `cross-encoder: ${model} in ${threads} threads`;
    },
    close: () => pool.close(),
  };
}

class CrossEncoderPool {
  readonly #options: CrossEncoderOptions;
  readonly #pool: Piscina<CrossEncoderTask, CrossEncoderAnswer>;
  readonly #stops = new Set<() => void>();
  readonly #tasks = new Set<Promise<CrossEncoderAnswer>>();
  #closed = false;

  constructor(options: CrossEncoderOptions) {
    this.#options = options;
    const filename = new URL('./crossEncoderThread.ts', import.meta.url).href;
    // Without stricterFIFO a task that finds all threads busy is put behind all others: the first passages would not be done first.
    this.#pool = new Piscina({ filename, name: 'score', minThreads: options.threads, maxThreads: options.threads, idleTimeout: Infinity, atomics: 'disabled', stricterFIFO: true });
    // A thread that fails between two rankings harms none: the pool starts another. Without a listener it would end the process.
    this.#pool.on('error', () => undefined);
  }

  async rerank(query: string, candidates: readonly RerankCandidate[], signal: AbortSignal, answerWithinMs?: number): Promise<ReadonlyMap<string, number>> {
    if (this.#closed) throw new CatalystError('RERANKER_UNAVAILABLE', 'The reranker was closed.');
    const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    // A thread that computes must not be ended from outside, it would take the process along: it is asked to stop.
    const askToStop = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
    const timer = answerWithinMs === undefined ? undefined : setTimeout(askToStop, answerWithinMs);
    signal.addEventListener('abort', askToStop, { once: true });
    if (signal.aborted) askToStop();
    this.#stops.add(askToStop);
    try {
      const groups = Array.from({ length: Math.ceil(candidates.length / textsInTask) }, (_unused, index) => candidates.slice(index * textsInTask, (index + 1) * textsInTask));
      const scores = (await Promise.all(groups.map((group) => this.#scoreGroup(query, group, stop)))).flat();
      if (scores.length === 0) throw new CatalystError('RERANKER_UNAVAILABLE', 'The cross-encoder was done with no passage in time.');
      return new Map(scores);
    } finally {
      // Where one group failed, the others are for nothing.
      askToStop();
      clearTimeout(timer);
      signal.removeEventListener('abort', askToStop);
      this.#stops.delete(askToStop);
    }
  }

  /** Ends the threads once the passages in their hands are done. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const askToStop of this.#stops) askToStop();
    // The pool would wait for tasks that it has handed out, but ends the threads under those.
    await Promise.allSettled(this.#tasks);
    await this.#pool.close();
  }

  async #scoreGroup(query: string, group: readonly RerankCandidate[], stop: SharedArrayBuffer): Promise<(readonly [string, number])[]> {
    const { modelDirectory } = this.#options;
    const answer = await this.#run({ modelDirectory, tokenLimit, query, texts: group.map(({ text }) => text), stop });
    if ('failure' in answer) throw new CatalystError('RERANKER_UNAVAILABLE', answer.failure);
    return answer.scores.map((score, index) => [group[index]?.id ?? '', score]);
  }

  async #run(task: CrossEncoderTask): Promise<CrossEncoderAnswer> {
    const answer = this.#pool.run(task);
    this.#tasks.add(answer);
    try {
      return await answer;
    } catch (error) {
      throw new CatalystError('RERANKER_UNAVAILABLE', `A thread of the cross-encoder ended unexpectedly: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    } finally {
      this.#tasks.delete(answer);
    }
  }
}

async function digestOf(path: string): Promise<string> {
  try {
    return createHash('sha256').update(await readFile(path)).digest('hex').slice(0, 16);
  } catch (error) {
    throw new CatalystError('RERANKER_UNAVAILABLE', `The cross-encoder cannot be read from ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
