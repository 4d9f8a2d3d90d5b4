import { keep } from './keptVectors.ts';
import type { EmbeddedGroup, KeepingDependencies } from './keptVectors.ts';

/** Work that may be lost with the process before it is worth two requests to keep it. */
const worthKeepingMs = 50;

/** Keeps embedded groups in the artifact store as they come, one object after the other, while the model goes on. */
export class GroupKeeper {
  readonly #dependencies: KeepingDependencies;
  readonly #tenant: string;
  #unkept: EmbeddedGroup[] = [];
  #unkeptMs = 0;
  #keeping: Promise<void> | undefined;

  constructor(dependencies: KeepingDependencies, tenant: string) {
    this.#dependencies = dependencies;
    this.#tenant = tenant;
  }

  /** Whether anything is in the artifact store, or on its way there. */
  get stored(): boolean {
    return this.#keeping !== undefined;
  }

  /** Keeps the groups with the next object; waits for the one before, whose failure is thrown here. */
  async add(groups: readonly EmbeddedGroup[], milliseconds: number): Promise<void> {
    this.#unkept.push(...groups);
    this.#unkeptMs += milliseconds;
    if (this.#unkeptMs < worthKeepingMs) return;
    await this.#keepNext();
  }

  /** Keeps the groups only where `keepAll` is asked for. */
  hold(groups: readonly EmbeddedGroup[]): void {
    this.#unkept.push(...groups);
  }

  /** Until what was given is kept, also where little of it is left. */
  async keepAll(): Promise<void> {
    if (this.#unkept.length > 0) await this.#keepNext();
    await this.#keeping;
  }

  /** Until nothing is on its way. */
  async settle(): Promise<void> {
    await this.#keeping;
  }

  async #keepNext(): Promise<void> {
    const before = this.#keeping;
    const groups = this.#unkept;
    [this.#unkept, this.#unkeptMs] = [[], 0];
    this.#keeping = Promise.resolve(before).then(() => keep(this.#dependencies, this.#tenant, groups));
    // Heard at the next one: the model does not wait for the store.
    this.#keeping.catch(() => undefined);
    await before;
  }
}
