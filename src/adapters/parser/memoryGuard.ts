import type { Worker } from 'node:worker_threads';

const bytesPerMegabyte = 1024 * 1024;
const intervalMs = 250;

/**
 * Ends threads whose buffers outgrow the limit. The engine limits only its own heap; unpacked streams lie outside of it.
 * Looks on only while told that work is under way.
 */
export class MemoryGuard {
  readonly #threads: () => readonly Worker[];
  readonly #limitBytes: number;
  #working = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(threads: () => readonly Worker[], limitMegabytes: number) {
    this.#threads = threads;
    this.#limitBytes = limitMegabytes * bytesPerMegabyte;
  }

  begin(): void {
    this.#working += 1;
    this.#timer ??= setInterval(() => { for (const thread of this.#threads()) void this.#check(thread); }, intervalMs).unref();
  }

  end(): void {
    this.#working -= 1;
    if (this.#working > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #check(thread: Worker): Promise<void> {
    try {
      const { external_memory: outside } = await thread.getHeapStatistics() as { external_memory: number };
      if (outside > this.#limitBytes) await thread.terminate();
    } catch {
      // The thread has ended meanwhile: nothing is left to limit.
    }
  }
}
