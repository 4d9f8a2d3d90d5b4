/** So many at once, in order, until the time of the step is over; those that were not begun are undefined. The first to fail ends all. */
export async function mapWithin<Item, Result>(items: readonly Item[], limits: { readonly atOnce: number; readonly untilMs: number }, work: (item: Item) => Promise<Result>): Promise<(Result | undefined)[]> {
  const results: (Result | undefined)[] = items.map(() => undefined);
  const queue = items.entries();
  let failed = false;
  const workOn = async (): Promise<void> => {
    for (const [place, item] of queue) {
      results[place] = await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
      if (failed || performance.now() >= limits.untilMs) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limits.atOnce, items.length) }, workOn));
  return results;
}

/** One after the other, whoever asks. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }
}
