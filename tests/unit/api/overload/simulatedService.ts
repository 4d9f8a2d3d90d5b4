import type { Admission } from '../../../../src/api/overload/admission.ts';

export interface Sample {
  readonly tenant: string;
  readonly admitted: boolean;
  /** From its arrival to its answer. */
  readonly latencyMs: number;
  readonly arrivedAt: number;
  readonly retryAfterMs: number | undefined;
}

/**
 * A service that shares its processors evenly between all that is in work, moved on by the fake clock. A request takes
 * some milliseconds of processor time, after `awayMs` in which it waits for somebody else.
 */
export class SimulatedService {
  readonly samples: Sample[] = [];
  awayMs = 0;
  readonly #admission: Admission;
  readonly #processors: number;
  readonly #running = new Set<{ leftMs: number; readonly done: () => void }>();

  constructor(admission: Admission, processors: number) {
    this.#admission = admission;
    this.#processors = processors;
  }

  /** The processors work for a millisecond. */
  tick(): void {
    const share = Math.min(1, this.#processors / Math.max(1, this.#running.size));
    for (const running of this.#running) {
      running.leftMs -= share;
      if (running.leftMs > 0) continue;
      this.#running.delete(running);
      running.done();
    }
  }

  async request(tenant: string, workMs: number): Promise<void> {
    const arrivedAt = performance.now();
    const entry = await this.#admission.enter(tenant);
    if (entry.admitted) {
      if (this.awayMs > 0) await new Promise<void>((resolve) => void setTimeout(resolve, this.awayMs));
      await new Promise<void>((done) => void this.#running.add({ leftMs: workMs, done }));
      entry.leave();
    }
    this.samples.push({ tenant, admitted: entry.admitted, latencyMs: performance.now() - arrivedAt, arrivedAt, retryAfterMs: entry.admitted ? undefined : entry.retryAfterMs });
  }
}
