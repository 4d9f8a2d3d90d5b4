import type { Worker } from 'node:worker_threads';

const bytesPerMegabyte = 1024 * 1024;
const intervalMs = 100;

/**
 * Ends threads whose heap and buffers together outgrow the limit. The engine's own limit is the second line only: it does not count
 * buffers, and there are allocations at which it ends the whole process instead of the thread. Looks on only while work is under way.
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
      const { used_heap_size: heap, external_memory: buffers } = await thread.getHeapStatistics() as { used_heap_size: number; external_memory: number };
      if (heap + buffers > this.#limitBytes) await thread.terminate();
    } catch {
      // The thread has ended meanwhile: nothing is left to limit.
    }
  }
}
