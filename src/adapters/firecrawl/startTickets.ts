/** More are never open at once but by processes that died meanwhile. */
const mostOpen = 10_000;

/** Allows one start each, within this process; a ticket that is lost only costs the start. */
export class StartTickets {
  readonly #open = new Set<string>();

  issue(key: string): void {
    if (this.#open.size >= mostOpen) this.#open.clear();
    this.#open.add(key);
  }

  /** True once for each ticket. */
  use(key: string): boolean {
    return this.#open.delete(key);
  }
}
