import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystApiError } from '../../../src/sdk/apiError.ts';
import { isTransient } from '../../../src/sdk/retryPolicy.ts';
import type { CatalystClient, DocumentInput } from '../../../src/sdk/client.ts';
import { toInput } from './corpus.ts';
import type { CorpusDocument } from './corpus.ts';
import type { Progress } from './progress.ts';

export interface SubmissionOptions {
  readonly batches: readonly (readonly CorpusDocument[])[];
  readonly newClient: () => Promise<CatalystClient>;
  readonly progress: () => Progress;
  /** A further batch is sent as soon as fewer documents than this are open. */
  readonly enoughOpen: number;
}

const betweenLooksMs = 250;
const betweenTriesMs = 500;

/**
 * A caller with much to ingest: sends batch after batch, and where it hears nothing certain, the same batch with the same
 * ids again, as any caller without a memory of its own would.
 */
export class Submission {
  readonly #options: SubmissionOptions;
  readonly #waiting: (readonly CorpusDocument[])[];
  #sent = 0;
  #resent = 0;
  #stopped = false;
  #hurry: PromiseWithResolvers<void> | undefined;

  constructor(options: SubmissionOptions) {
    this.#options = options;
    this.#waiting = [...options.batches];
  }

  /** Batches that were accepted for sure. */
  get sent(): number {
    return this.#sent;
  }

  /** Requests that were repeated because their answer was lost or was a passing failure. */
  get resent(): number {
    return this.#resent;
  }

  get isComplete(): boolean {
    return this.#sent === this.#options.batches.length;
  }

  /** Resolves once all batches are accepted. */
  async run(): Promise<void> {
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      await this.#untilWanted();
      if (this.#stopped) return;
      await this.#send(batch);
      this.#sent += 1;
    }
  }

  /** Sends the next batch now, if there is one, so that a request is on its way in this moment. */
  sendNow(): void {
    this.#hurry?.resolve();
  }

  stop(): void {
    this.#stopped = true;
    this.#hurry?.resolve();
  }

  async #untilWanted(): Promise<void> {
    this.#hurry = Promise.withResolvers<void>();
    const hurried = this.#hurry.promise.then(() => true);
    for (;;) {
      if (this.#sent === 0 || this.#options.progress().open < this.#options.enoughOpen) return;
      if (await Promise.race([hurried, sleep(betweenLooksMs, false)])) return;
    }
  }

  async #send(batch: readonly CorpusDocument[]): Promise<void> {
    const client = await this.#options.newClient();
    const uploads = new Map<string, string>();
    const upload = async (file: string): Promise<string> => {
      const id = uploads.get(file) ?? (await this.#untilTaken(() => client.upload(file))).id;
      uploads.set(file, id);
      return id;
    };
    const documents: DocumentInput[] = [];
    for (const document of batch) documents.push(await toInput(document, upload));
    await this.#untilTaken(() => client.ingest({ documents }));
  }

  async #untilTaken<Result>(request: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await request();
      } catch (error) {
        if (this.#stopped || !(error instanceof CatalystApiError) || !isTransient(error)) throw error;
        this.#resent += 1;
        await sleep(betweenTriesMs);
      }
    }
  }
}
