import type { IndexRange, IngestUnit } from '../../contracts/ingestion.ts';

/** The documents of these units with an index above `after`, as ranges: units of neighbours are common, and a window may hold thousands. */
export function indexRanges(units: Iterable<IngestUnit>, after: number): IndexRange[] {
  const indexes = [...units].flatMap((unit) => unit.indexes.filter((index) => index > after)).sort((left, right) => left - right);
  const ranges: [number, number][] = [];
  for (const index of indexes) {
    const last = ranges.at(-1);
    if (last !== undefined && index <= last[1] + 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges;
}
