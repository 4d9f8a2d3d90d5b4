import { CatalystError } from '../../contracts/errors.ts';
import type { OnProcessorTime } from '../../ports/embedder.ts';
import { EmbeddingThread, type EmbeddingJob } from './embeddingThread.ts';
import { FairQueue } from './fairQueue.ts';
import type { EmbeddedText, OnnxThreadData, TextForm } from './onnxThreadProtocol.ts';

export interface EmbeddingThreadPoolOptions {
  readonly file: URL;
  readonly data: OnnxThreadData;
  readonly threads: number;
}

/** Texts in the hands of a thread at once: the next ones lie ready, so that it works on while the main thread is busy. */
const jobsInHand = 3;

/** Spreads texts over threads: urgent ones at once, the others fairly between the calls that brought them. */
export class EmbeddingThreadPool {
  readonly #threads: readonly EmbeddingThread[];
  readonly #passages = new FairQueue<EmbeddingJob>();
  #urgent: EmbeddingJob[] = [];
  #waitingForStart: PromiseWithResolvers<void>[] = [];
  #closed = false;

  constructor(options: EmbeddingThreadPoolOptions) {
    const { file, data } = options;
    this.#threads = Array.from({ length: options.threads }, () => new EmbeddingThread({ file, data, onChange: () => this.#dispatch() }));
  }

  /** Resolves when a thread has loaded the model; throws EMBEDDER_UNAVAILABLE when none can. */
  ready(): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#waitingForStart.push(waiting);
    this.#dispatch();
    return waiting.promise;
  }

  /** Embeds one text before all that wait. */
  embedUrgently(text: string, form: TextForm = 'vector', onProcessorTime?: OnProcessorTime): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.#urgent.push({ text, form, urgent: true, done: told(({ vector }) => resolve(vector), onProcessorTime), failed: reject });
      this.#dispatch();
    });
  }

  /** Embeds all texts, telling each as it comes, in any order. Fails as a whole with the first failure. */
  embedAll(texts: readonly string[], onEmbedded: (index: number, embedded: EmbeddedText) => void, form: TextForm = 'vector', onProcessorTime?: OnProcessorTime): Promise<void> {
    if (texts.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      let missing = texts.length;
      const fail = (error: unknown): void => {
        takeBack();
        reject(error instanceof Error ? error : new CatalystError('INTERNAL', String(error)));
      };
      const done = (index: number, embedded: EmbeddedText): void => {
        try {
          onEmbedded(index, embedded);
        } catch (error) {
          return fail(error);
        }
        if ((missing -= 1) === 0) resolve();
      };
      const takeBack = this.#passages.add(texts.map((text, index) => ({ text, form, urgent: false, done: told((embedded) => done(index, embedded), onProcessorTime), failed: fail })));
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#dispatch();
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #dispatch(): void {
    if (this.#closed) return this.#failWaiting(new CatalystError('EMBEDDER_UNAVAILABLE', 'The embedder is closed.'));
    for (const thread of this.#threads) thread.revive();
    const ready = this.#threads.filter((thread) => thread.state === 'ready');
    if (ready.length > 0) this.#give(ready);
    else if (this.#threads.every((thread) => thread.state === 'failed')) {
      this.#failWaiting(this.#threads[0]?.failure ?? new CatalystError('EMBEDDER_UNAVAILABLE', 'The embedder has no threads.'));
    }
  }

  #give(ready: readonly EmbeddingThread[]): void {
    for (const waiting of this.#waitingForStart.splice(0)) waiting.resolve();
    for (const job of this.#urgent.splice(0)) leastLoaded(ready)?.give(job);
    for (let thread = leastLoaded(ready); thread !== undefined && thread.jobs < jobsInHand; thread = leastLoaded(ready)) {
      const job = this.#passages.next();
      if (job === undefined) return;
      thread.give(job);
    }
  }

  #failWaiting(error: CatalystError): void {
    for (const job of [...this.#urgent.splice(0), ...this.#passages.drain()]) job.failed(error);
    for (const waiting of this.#waitingForStart.splice(0)) waiting.reject(error);
  }
}

/** Time first: whoever waits for the last text has heard of all. */
function told(done: (embedded: EmbeddedText) => void, onProcessorTime: OnProcessorTime | undefined): EmbeddingJob['done'] {
  return (embedded, processorSeconds) => {
    onProcessorTime?.(processorSeconds);
    done(embedded);
  };
}

/** The fewest urgent texts first: another query waits for a query longer than for a passage that it overtakes. */
function leastLoaded(threads: readonly EmbeddingThread[]): EmbeddingThread | undefined {
  let best = threads[0];
  for (const thread of threads) {
    if (best !== undefined && (thread.urgentJobs - best.urgentJobs || thread.jobs - best.jobs) < 0) best = thread;
  }
  return best;
}
