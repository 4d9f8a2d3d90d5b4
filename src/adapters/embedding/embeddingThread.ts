import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CatalystError } from '../../contracts/errors.ts';
import type { EmbeddedText, OnnxThreadData, OnnxThreadMessage, OnnxThreadRequest, TextForm } from './onnxThreadProtocol.ts';

/** One text to embed, and who waits for it. */
export interface EmbeddingJob {
  readonly text: string;
  readonly form: TextForm;
  readonly urgent: boolean;
  done(embedded: EmbeddedText, processorSeconds: number): void;
  failed(error: CatalystError): void;
}

export interface EmbeddingThreadOptions {
  readonly file: URL;
  readonly data: OnnxThreadData;
  /** Called whenever the thread can take more, and when it failed. */
  readonly onChange: () => void;
}

const pauseAfterFailedStartMs = 1_000;
/** Loading the model and the longest text each take a second at most; a thread that does not answer then is stuck. */
const patienceAtCloseMs = 10_000;

/** A worker thread with what is in its hands: when it dies, these jobs fail with EMBEDDER_UNAVAILABLE and it can be started anew. */
export class EmbeddingThread {
  readonly #options: EmbeddingThreadOptions;
  readonly #jobs = new Map<number, EmbeddingJob>();
  #worker: Worker | undefined;
  #state: 'starting' | 'ready' | 'failed' = 'failed';
  #failure: CatalystError | undefined;
  #urgent = 0;
  #notBefore = 0;
  #lastId = 0;

  constructor(options: EmbeddingThreadOptions) {
    this.#options = options;
    this.revive();
  }

  get state(): 'starting' | 'ready' | 'failed' {
    return this.#state;
  }

  /** Why the thread failed last. */
  get failure(): CatalystError | undefined {
    return this.#failure;
  }

  /** Jobs given and not answered yet. */
  get jobs(): number {
    return this.#jobs.size;
  }

  get urgentJobs(): number {
    return this.#urgent;
  }

  give(job: EmbeddingJob): void {
    const id = (this.#lastId += 1);
    this.#jobs.set(id, job);
    if (job.urgent) this.#urgent += 1;
    this.#worker?.postMessage({ kind: 'embed', id, text: job.text, form: job.form, urgent: job.urgent } satisfies OnnxThreadRequest);
  }

  /** Starts a failed thread again; one that could not load the model only after a pause. */
  revive(): void {
    if (this.#state !== 'failed' || Date.now() < this.#notBefore) return;
    const started = new Worker(this.#options.file, { workerData: this.#options.data });
    started.on('message', (message: OnnxThreadMessage) => this.#receive(message));
    started.on('error', (error) => this.#lose(started, error));
    started.on('exit', (code) => this.#lose(started, `the thread ended with code ${code}`));
    this.#worker = started;
    this.#state = 'starting';
  }

  async close(): Promise<void> {
    const closing = this.#worker;
    this.#worker = undefined;
    this.#state = 'failed';
    this.#notBefore = Infinity;
    this.#failAll(new CatalystError('EMBEDDER_UNAVAILABLE', 'The embedder was closed while texts were waiting.'));
    if (closing !== undefined) await endThread(closing);
  }

  #receive(message: OnnxThreadMessage): void {
    if (message.kind === 'ready') this.#state = 'ready';
    else {
      const job = this.#jobs.get(message.id);
      this.#jobs.delete(message.id);
      if (job?.urgent) this.#urgent -= 1;
      if (message.kind === 'vector') job?.done(message, message.processorSeconds);
      else job?.failed(new CatalystError('EMBEDDER_UNAVAILABLE', `The embedding model failed on a text: ${message.message}`));
    }
    this.#options.onChange();
  }

  #lose(lost: Worker, cause: unknown): void {
    if (this.#worker !== lost) return;
    const neverReady = this.#state === 'starting';
    const what = neverReady ? `The embedding model cannot be loaded from ${this.#options.data.modelDirectory}` : 'A thread of the embedding model ended unexpectedly';
    this.#failure = new CatalystError('EMBEDDER_UNAVAILABLE', `${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.#notBefore = neverReady ? Date.now() + pauseAfterFailedStartMs : 0;
    this.#worker = undefined;
    this.#state = 'failed';
    this.#failAll(this.#failure);
    this.#options.onChange();
  }

  #failAll(error: CatalystError): void {
    const abandoned = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#urgent = 0;
    for (const job of abandoned) job.failed(error);
  }
}

/** Asks the thread to end. A thread that is terminated while the model computes takes the whole process with it: the runtime aborts. */
async function endThread(thread: Worker): Promise<void> {
  const exited = new Promise((resolve) => thread.once('exit', resolve));
  thread.postMessage({ kind: 'close' } satisfies OnnxThreadRequest);
  const patience = new AbortController();
  await Promise.race([exited, sleep(patienceAtCloseMs, undefined, { signal: patience.signal }).then(() => thread.terminate())]);
  patience.abort();
}
