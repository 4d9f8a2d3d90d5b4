/** Values at which each field of a cron line fits; a time fits when all five do. */
export interface CronTimes {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday; 7 is it, too. */
  readonly weekdays: readonly number[];
}

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly words?: readonly string[];
  /** Letters of a word that suffice. */
  readonly letters?: number;
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const fields: readonly [Field, Field, Field, Field, Field] = [
  { name: 'minute', first: 0, last: 59 },
  { name: 'hour', first: 0, last: 23 },
  { name: 'day of the month', first: 1, last: 31 },
  { name: 'month', first: 1, last: 12, words: months, letters: 3 },
  { name: 'day of the week', first: 0, last: 7, words: weekdays, letters: 2 },
];
const shorthands: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
};
const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What a cron line means, in the dialect of the workflow service, or what is wrong with it: a sentence without its full stop. */
export function readCronLine(line: string): CronTimes | string {
  const trimmed = line.trim();
  if (trimmed.startsWith('@every')) return 'Give "everySeconds" instead of "@every"';
  const parts = (shorthands[trimmed] ?? trimmed).split(/\s+/);
  if (parts.length !== fields.length) return 'A cron line has five fields (minute, hour, day of the month, month, day of the week), or is one of @hourly, @daily, @weekly, @monthly and @yearly';
  const values: number[][] = [];
  for (const [place, field] of fields.entries()) {
    const read = readField(parts[place] ?? '', field);
    if (typeof read === 'string') return read;
    values.push(read);
  }
  const [minutes = [], hours = [], days = [], inMonths = [], onWeekdays = []] = values;
  if (!inMonths.some((month) => days.some((day) => day <= (daysOfMonths[month - 1] ?? 0)))) return 'It would never run: none of its months has such a day';
  return { minutes, hours, days, months: inMonths, weekdays: [...new Set(onWeekdays.map((day) => day % 7))] };
}

function readField(text: string, field: Field): number[] | string {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, start, end, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d{1,4}))?$/.exec(part) ?? [];
    if (start === undefined || (start === '*' && end !== undefined) || Number(step ?? 1) < 1) return `The ${field.name} "${part}" is none of a value, a range, "*", each with "/STEP" or without`;
    const first = start === '*' ? field.first : valueOf(start, field);
    // A single value with a step goes on to the end.
    const last = end === undefined ? (start === '*' || step !== undefined ? field.last : first) : valueOf(end, field);
    if (first === undefined || last === undefined) return `The ${field.name} "${part}" is not within ${field.first} to ${field.last}${field.words === undefined ? '' : ', nor a name'}`;
    if (last < first) return `The ${field.name} "${part}" ends before it begins`;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return [...values];
}

function valueOf(text: string, { first, last, words = [], letters = 3 }: Field): number | undefined {
  const place = text.length < letters ? -1 : words.findIndex((word) => word.startsWith(text.toLowerCase()));
  const value = place >= 0 ? place + first : /^\d{1,4}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && value >= first && value <= last ? value : undefined;
}
