import type { ComparedSearch } from '../contracts/recall.ts';

/** Equal scores may come in any order, and are rounded differently. */
const tolerance = 1e-5;

/** Of all that should be found, how much is; null where there is nothing to find. What is as good as the last of the best counts as one of them. */
export function recallOf(searches: readonly ComparedSearch[]): number | null {
  let wanted = 0;
  let had = 0;
  for (const { exact, found } of searches) {
    const ids = new Set(exact.map(({ id }) => id));
    const least = (exact.at(-1)?.score ?? Infinity) - tolerance;
    wanted += exact.length;
    had += Math.min(exact.length, found.filter(({ id, score }) => ids.has(id) || score >= least).length);
  }
  return wanted === 0 ? null : had / wanted;
}
