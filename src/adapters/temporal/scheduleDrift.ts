import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { ScheduleDescription } from '@temporalio/client';
import { canonicalJson } from '../../contracts/identifiers.ts';
import type { DeclaredSchedule, ScheduleDrift } from '../../contracts/schedules.ts';
import { taskQueues } from '../../workflows/names.ts';

/** A schedule in words, the same for what is declared and for what Temporal holds. */
type Words = Readonly<Record<'times' | 'jitter' | 'catchup' | 'overlap' | 'workflow' | 'input', string>>;

const minuteMs = 60_000;

/** In the order of the fields. */
export function driftOf(declared: DeclaredSchedule, found: Pick<ScheduleDescription, 'spec' | 'policies' | 'action'>): ScheduleDrift[] {
  const [wanted, held] = [declaredWords(declared), foundWords(found)];
  return (Object.keys(wanted) as (keyof Words)[]).flatMap((field) => (wanted[field] === held[field] ? [] : [{ field, declared: wanted[field], found: held[field] }]));
}

export function timesOf({ hour, minute, days: [first, last] }: Pick<DeclaredSchedule, 'hour' | 'minute' | 'days'>): string {
  return `${two(hour)}:${two(minute)} ${first === last ? first : `${first} to ${last}`}`;
}

function declaredWords(schedule: DeclaredSchedule): Words {
  const { jitterMinutes, catchupHours, workflowType, workflowId, input } = schedule;
  return {
    times: timesOf(schedule),
    jitter: `${jitterMinutes} minutes`,
    catchup: `${catchupHours * 60} minutes`,
    overlap: ScheduleOverlapPolicy.SKIP,
    workflow: `${workflowType} ${workflowId} on ${taskQueues.ingest}`,
    input: canonicalJson([input]),
  };
}

function foundWords({ spec, policies, action }: Pick<ScheduleDescription, 'spec' | 'policies' | 'action'>): Words {
  const others = [...(spec.intervals ?? []).map(() => 'an interval'), ...(spec.skip ?? []).map(() => 'an exception')];
  return {
    times: [...(spec.calendars ?? []).map(calendarText), ...others].join(' and ') || 'never',
    jitter: `${(spec.jitter ?? 0) / minuteMs} minutes`,
    catchup: `${policies.catchupWindow / minuteMs} minutes`,
    overlap: policies.overlap ?? 'unknown',
    workflow: `${action.workflowType} ${action.workflowId} on ${action.taskQueue}`,
    input: canonicalJson(action.args ?? []),
  };
}

type Calendar = NonNullable<ScheduleDescription['spec']['calendars']>[number];

/** What a declared schedule cannot say is told as Temporal holds it. */
function calendarText(calendar: Calendar): string {
  const { hour, minute, dayOfWeek, comment: _comment, ...rest } = calendar;
  const [at, past, days] = [single(hour), single(minute), dayOfWeek.length === 1 ? dayOfWeek[0] : undefined];
  const isPlain = isWhole(rest.dayOfMonth, 1, 31) && rest.month.length === 1 && rest.month[0]?.start === 'JANUARY' && rest.month[0].end === 'DECEMBER' && single(rest.second) === 0 && (rest.year ?? []).length === 0;
  if (at === undefined || past === undefined || days === undefined || days.step !== 1 || !isPlain) return canonicalJson({ hour, minute, dayOfWeek, ...rest });
  return timesOf({ hour: at, minute: past, days: [days.start, days.end] });
}

type NumberRanges = readonly { readonly start: number; readonly end: number; readonly step: number }[];

function single(ranges: NumberRanges): number | undefined {
  const [range] = ranges;
  return ranges.length === 1 && range?.start === range?.end ? range?.start : undefined;
}

function isWhole(ranges: NumberRanges, first: number, last: number): boolean {
  const [range] = ranges;
  return ranges.length === 1 && range?.start === first && range.end === last && range.step === 1;
}

const two = (value: number): string => String(value).padStart(2, '0');
