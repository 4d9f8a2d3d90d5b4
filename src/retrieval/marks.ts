/** The newest mark by key, such as the epoch of a tenant's index; the one set longest ago is forgotten where there are too many. */
export class Marks {
  readonly #marks = new Map<string, string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): string | undefined {
    return this.#marks.get(key);
  }

  /** Whether the mark is another than before. */
  set(key: string, mark: string): boolean {
    if (this.#marks.get(key) === mark) return false;
    this.#marks.delete(key);
    this.#marks.set(key, mark);
    for (const oldest of this.#marks.keys()) {
      if (this.#marks.size <= this.#most) break;
      this.#marks.delete(oldest);
    }
    return true;
  }
}
