import type { ReindexGates, ReindexReport } from '../contracts/generations.ts';

/** Ranks count to here. */
export const judgedRanks = 10;

/** The same thing, measured in the index that serves and in the one that is to. */
export interface Compared<Value> {
  readonly serving: Value;
  readonly next: Value;
}

export interface Probe {
  /** The document whose words were looked for. */
  readonly documentId: string;
  readonly found: Compared<readonly string[]>;
}

export interface Answered {
  /** Documents that answer it; null: not known. */
  readonly relevant: readonly string[] | null;
  readonly found: Compared<readonly string[]>;
}

export interface Measured {
  readonly probes: readonly Probe[];
  readonly queries: readonly Answered[];
  /** Milliseconds of each search. */
  readonly latencies: Compared<readonly number[]>;
}

/** Whether an index made by another model may serve; each gate says what it found. */
export function judgeReindex({ probes, queries, latencies }: Measured, gates: ReindexGates): ReindexReport {
  const foundAgain = { ...both((side) => mean(probes.map(({ documentId, found }) => reciprocalRank(found[side], documentId)))), probes: probes.length };
  const known = queries.filter(({ relevant }) => relevant !== null);
  const smoke = known.length === 0 ? null : { ...both((side) => mean(known.map(({ found, relevant }) => gain(found[side], relevant ?? [])))), queries: known.length };
  const overlap = queries.length === 0 ? null : { mean: mean(queries.map(({ found }) => overlapOf(found))), queries: queries.length };
  const latencyMs = both((side) => percentile(latencies[side], 0.95));
  const results = [
    gate(`Of ${probes.length} documents looked for by their own words, the mean reciprocal rank is ${show(foundAgain)}; it may be ${gates.qualityLoss} lower.`, foundAgain.next >= foundAgain.serving - gates.qualityLoss),
    ...(smoke === null ? [] : [gate(`nDCG@${judgedRanks} of ${smoke.queries} smoke queries is ${show(smoke)}; it may be ${gates.qualityLoss} lower.`, smoke.next >= smoke.serving - gates.qualityLoss)]),
    ...(overlap === null ? [] : [gate(`${overlap.queries} queries have ${percent(overlap.mean)} of their first ${judgedRanks} documents in common; the threshold is ${percent(gates.overlap)}.`, overlap.mean >= gates.overlap)]),
    gate(`The slowest twentieth of searches takes ${show(latencyMs)} ms or longer; it may take ${gates.latencyFactor} times as long.`, latencyMs.next <= latencyMs.serving * gates.latencyFactor),
  ];
  return { passed: results.every(({ passed }) => passed), findings: results.map(({ finding }) => finding), foundAgain, smoke, overlap, latencyMs };
}

function gate(text: string, passed: boolean): { readonly passed: boolean; readonly finding: string } {
  return { passed, finding: `${passed ? 'Passed' : 'Not passed'}: ${text}` };
}

function both(measure: (side: keyof Compared<unknown>) => number): Compared<number> {
  return { serving: measure('serving'), next: measure('next') };
}

function show({ serving, next }: Compared<number>): string {
  return `${round(next)} instead of ${round(serving)}`;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const percent = (part: number): string => `${Math.round(part * 100)} %`;

/** 1 where there is nothing to find: nothing was missed. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function reciprocalRank(found: readonly string[], documentId: string): number {
  const place = found.slice(0, judgedRanks).indexOf(documentId);
  return place === -1 ? 0 : 1 / (place + 1);
}

/** nDCG with relevance of one or none. */
function gain(found: readonly string[], relevant: readonly string[]): number {
  const wanted = new Set(relevant);
  const discount = (place: number): number => 1 / Math.log2(place + 2);
  const gained = found.slice(0, judgedRanks).reduce((sum, documentId, place) => sum + (wanted.has(documentId) ? discount(place) : 0), 0);
  const ideal = Array.from({ length: Math.min(wanted.size, judgedRanks) }, (_, place) => discount(place)).reduce((sum, value) => sum + value, 0);
  return gained / ideal;
}

/** Of the longer list; 1 where neither found anything. */
function overlapOf({ serving, next }: Compared<readonly string[]>): number {
  const [left, right] = [new Set(serving.slice(0, judgedRanks)), new Set(next.slice(0, judgedRanks))];
  const longer = Math.max(left.size, right.size);
  return longer === 0 ? 1 : [...left].filter((documentId) => right.has(documentId)).length / longer;
}

/** Nearest rank; 0 of nothing. */
function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
