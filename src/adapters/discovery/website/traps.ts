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

/** Counts looks at one path under different queries, for the paths that had most of them. */
export function countVariation(counts: Map<string, number>, path: string): void {
  counts.set(path, (counts.get(path) ?? 0) + 1);
  if (counts.size <= countedPaths) return;
  let least: string | undefined;
  for (const [name, count] of counts) if (name !== path && (least === undefined || count < counts.get(least)!)) least = name;
  if (least !== undefined) counts.delete(least);
}
