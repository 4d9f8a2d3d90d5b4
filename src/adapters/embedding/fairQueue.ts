interface Call<Item> {
  readonly items: readonly Item[];
  position: number;
}

/** Waiting work of several calls, handed out one item from each in turn, so that a small call is not held up by a large one. */
export class FairQueue<Item> {
  #calls: Call<Item>[] = [];

  /** The function that is returned takes back what has not been handed out. */
  add(items: readonly Item[]): () => void {
    const call: Call<Item> = { items, position: 0 };
    if (items.length > 0) this.#calls.push(call);
    return () => {
      this.#calls = this.#calls.filter((other) => other !== call);
    };
  }

  next(): Item | undefined {
    const call = this.#calls.shift();
    if (call === undefined) return undefined;
    const item = call.items[call.position];
    call.position += 1;
    if (call.position < call.items.length) this.#calls.push(call);
    return item;
  }

  /** Takes everything out. */
  drain(): Item[] {
    return this.#calls.splice(0).flatMap((call) => call.items.slice(call.position));
  }
}
