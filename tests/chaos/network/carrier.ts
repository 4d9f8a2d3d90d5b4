import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** The present state of a proxy's line. */
export interface LineConditions {
  readonly latencyMs: () => number;
  readonly bytesPerSecond: () => number;
  /** Settles when bytes pass again; undefined while they pass. */
  readonly open: () => Promise<void> | undefined;
}

/** One direction of one connection: holds bytes up as its line does, in order, with backpressure. */
export class Carrier extends Transform {
  readonly #conditions: LineConditions;
  #forgotten = false;

  constructor(conditions: LineConditions) {
    super();
    this.#conditions = conditions;
  }

  get forgotten(): boolean {
    return this.#forgotten;
  }

  /** From now on everything that comes is lost, the end of the connection too. */
  forget(): void {
    this.#forgotten = true;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    void this.#hold(chunk.length).then(() => {
      if (this.#forgotten) done();
      else done(null, chunk);
    });
  }

  override _flush(done: TransformCallback): void {
    void this.#hold(0).then(() => {
      // Without the callback the end never reaches the other side.
      if (!this.#forgotten) done();
    });
  }

  async #hold(bytes: number): Promise<void> {
    const { latencyMs, bytesPerSecond, open } = this.#conditions;
    const delayMs = latencyMs() + (bytes / bytesPerSecond()) * 1_000;
    if (delayMs > 0) await sleep(delayMs);
    for (let closed = open(); closed !== undefined; closed = open()) await closed;
  }
}
