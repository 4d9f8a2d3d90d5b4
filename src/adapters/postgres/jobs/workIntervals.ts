import type { JobRow } from './jobRows.ts';

/** Stretches of equal length in which a job worked, oldest first. */
export interface WorkIntervals {
  /** Milliseconds since the epoch. */
  readonly starts: readonly number[];
  readonly seconds: number;
}

type Working = Pick<JobRow, 'started_at' | 'finished_at' | 'pause' | 'rests'>;

const mostIntervals = 60;
const longestSeconds = 60;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The last intervals of the job's work, back from now, from its end, or from when it was paused: at most 60, of a second to a minute by how
 * long it has worked. Time in which it rested is left out; an interval that a rest would cut is not counted at all.
 */
export function workIntervals(job: Working, now: Date): WorkIntervals {
  if (job.started_at === null) return { starts: [], seconds: 1 };
  const end = Math.min(now.getTime(), job.finished_at?.getTime() ?? Infinity, job.pause === null ? Infinity : Date.parse(job.pause.since));
  const spans = spansOfWork(job.started_at.getTime(), end, job.rests);
  const worked = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const seconds = Math.min(longestSeconds, Math.max(1, Math.ceil(worked / 1000 / mostIntervals)));
  const starts: number[] = [];
  for (const { from, to } of spans.reverse()) {
    for (let start = to - seconds * 1000; start >= from && starts.length < mostIntervals; start -= seconds * 1000) starts.push(start);
  }
  return { starts: starts.reverse(), seconds };
}

/** Over the last minute; null while no interval is over. */
export function documentsPerSecond(finishedPerInterval: readonly number[], intervalSeconds: number): number | null {
  const last = finishedPerInterval.slice(-Math.max(1, Math.floor(60 / intervalSeconds)));
  if (last.length === 0) return null;
  return last.reduce((sum, finished) => sum + finished, 0) / (last.length * intervalSeconds);
}

function spansOfWork(begin: number, end: number, rests: Working['rests']): Span[] {
  const spans: Span[] = [];
  let from = begin;
  for (const rest of rests) {
    const restBegins = Math.max(from, Date.parse(rest.from));
    if (restBegins > from) spans.push({ from, to: restBegins });
    from = Math.max(from, Date.parse(rest.to));
  }
  if (end > from) spans.push({ from, to: end });
  return spans;
}
