import { readCronLine } from '../../contracts/cronLine.ts';
import type { FieldProblem } from '../../contracts/errors.ts';
import type { BackfillRequest, Schedule } from '../../contracts/sources.ts';
import { invalidRequest } from '../parseInput.ts';

/** The workflow service keeps no more runs waiting for one schedule, and drops what is beyond without a word. */
const mostRuns = 1_000;
const dayMs = 86_400_000;
/** Clocks differ. */
const toleranceMs = 60_000;

/** Throws INVALID_REQUEST where the span is empty, not past yet, or holds more runs than can wait. */
export function checkBackfill({ from, to }: BackfillRequest, schedule: Schedule, now: Date): void {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (end <= start) refuse('/to', '"to" must be after "from".');
  if (end > now.getTime() + toleranceMs) refuse('/to', 'Only runs of the past can be made up for.');
  const runs = mostRunsOf(schedule, end - start);
  if (runs > mostRuns) refuse('/from', `The span may hold ${runs} runs; at most ${mostRuns} can be made up for at once.`);
}

/** At most so many runs are in a span: each started day counts whole. */
export function mostRunsOf({ cron = [], everySeconds }: Schedule, spanMs: number): number {
  const days = Math.ceil(spanMs / dayMs) + 1;
  const byCron = cron.map((line) => {
    const times = readCronLine(line);
    return typeof times === 'string' ? 0 : Math.min(days, mostDays(times.days.length, times.months.length, days)) * times.hours.length * times.minutes.length;
  });
  const byInterval = everySeconds === undefined ? 0 : Math.floor(spanMs / 1000 / everySeconds) + 1;
  return byCron.reduce((sum, runs) => sum + runs, byInterval);
}

/** Days that fit among so many: in each month begun at most those that are named. */
function mostDays(daysOfMonth: number, monthsOfYear: number, days: number): number {
  const monthsBegun = Math.ceil(days / 28) + 1;
  const yearsBegun = Math.ceil(days / 365) + 1;
  return daysOfMonth * Math.min(monthsBegun, monthsOfYear * yearsBegun);
}

function refuse(pointer: string, detail: string): never {
  const problem: FieldProblem = { pointer, code: 'invalid_value', detail };
  throw invalidRequest([problem]);
}
