/**
 * Runs `action` for every item, at most `limit` at a time. After a failure nothing new is begun, what is under way is
 * awaited, and the first failure is thrown.
 */
export async function forEachConcurrently<Item>(items: Iterable<Item>, limit: number, action: (item: Item) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failure: { readonly thrown: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true && failure === undefined; next = iterator.next()) {
      try {
        await action(next.value);
      } catch (thrown) {
        failure ??= { thrown };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  if (failure !== undefined) throw failure.thrown;
}
