/** Longer addresses are those that programs make out of addresses. */
const longestAddress = 2_000;
const deepestPath = 30;
const mostRepeats = 3;
const mostParameters = 16;

/** Whether an address looks like one of an endless row: very long, very deep, of a segment that returns again and again, or of many parameters. */
export function looksEndless(address: string): boolean {
  if (address.length > longestAddress) return true;
  const { pathname, search } = new URL(address);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  if (segments.length > deepestPath || search.split('&').length > mostParameters) return true;
  const repeats = new Map<string, number>();
  for (const segment of segments) repeats.set(segment, (repeats.get(segment) ?? 0) + 1);
  return Math.max(0, ...repeats.values()) > mostRepeats;
}

const countedPaths = 1_000;

/** Counts looks at one path under different queries, for the paths that had most of them; answers the new counts. */
export function countVariation(counts: Readonly<Record<string, number>>, path: string): Readonly<Record<string, number>> {
  const next = { ...counts, [path]: (counts[path] ?? 0) + 1 };
  const paths = Object.entries(next);
  if (paths.length <= countedPaths) return next;
  const [least] = paths.filter(([name]) => name !== path).sort(([, left], [, right]) => left - right);
  return Object.fromEntries(paths.filter(([name]) => name !== least?.[0]));
}
