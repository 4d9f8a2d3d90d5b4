import type { DateRange as WantedRange } from '../contracts/filters/dates.ts';
import type { DateRange } from './indexFilter.ts';

/** The bounds of a filter by date, both included: a day as the last one counts to its last microsecond, the finest that the index tells apart. */
export function dateBounds({ from, to }: WantedRange): DateRange {
  return { ...(from === undefined ? {} : { gte: moment(from, 'T00:00:00Z') }), ...(to === undefined ? {} : { lte: moment(to, 'T23:59:59.999999Z') }) };
}

function moment(text: string, timeOfDay: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text + timeOfDay : text;
}
