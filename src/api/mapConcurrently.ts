/** Results in the order of the items, with at most `limit` calls at a time; the first rejection rejects. */
export async function mapConcurrently<Item, Result>(items: readonly Item[], limit: number, call: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const remaining = items.entries();
  const work = async () => {
    for (const [place, item] of remaining) results[place] = await call(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}
