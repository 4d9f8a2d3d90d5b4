export interface OneByOne<Item, Result> {
  /** Whether a single one of them may have caused it, rather than an outage. */
  readonly isOfOne: (thrown: unknown) => boolean;
  /** What becomes of one that fails by itself; it may throw. */
  readonly failed: (item: Item, thrown: unknown) => readonly Result[] | Promise<readonly Result[]>;
}

/** Works on all at once, and where one of them keeps it from that, on each by itself: so that it fails alone. Throws what concerns all. */
export async function togetherOrEach<Item, Result>(items: readonly Item[], work: (items: readonly Item[]) => Promise<readonly Result[]>, { isOfOne, failed }: OneByOne<Item, Result>): Promise<Result[]> {
  const [first] = items;
  if (first === undefined) return [];
  try {
    return [...(await work(items))];
  } catch (thrown) {
    if (!isOfOne(thrown)) throw thrown;
    if (items.length === 1) return [...(await failed(first, thrown))];
  }
  const results: Result[] = [];
  for (const item of items) results.push(...(await togetherOrEach([item], work, { isOfOne, failed })));
  return results;
}
