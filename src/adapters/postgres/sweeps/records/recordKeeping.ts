import type { RetentionPolicy } from '../../../../contracts/sweeps.ts';

/** The moments before which records are no longer kept. */
export interface RecordKeeping {
  readonly jobs: Date;
  readonly logs: Date;
  /** Nothing younger is touched. */
  readonly untouched: Date;
}

const day = 86_400_000;

/** No age given by a policy is below the least; for ever is before all time. */
export function recordKeeping({ jobDays, logDays }: RetentionPolicy, now: Date, minimumAgeMs: number): RecordKeeping {
  const before = (days: number | null) => new Date(days === null ? 0 : now.getTime() - Math.max(days * day, minimumAgeMs));
  return { jobs: before(jobDays), logs: before(logDays), untouched: before(0) };
}
