import { z } from 'zod';

export const weekdays = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
export type Weekday = (typeof weekdays)[number];

/** What the product does by itself at its times; UTC. */
export interface DeclaredSchedule {
  /** As operators name it; the schedule in Temporal is `catalyst/NAME`. */
  readonly name: string;
  readonly description: string;
  readonly hour: number;
  readonly minute: number;
  /** First and last day of the week, both included. */
  readonly days: readonly [first: Weekday, last: Weekday];
  /** So much later at the most, by chance. */
  readonly jitterMinutes: number;
  /** Runs that were missed while Temporal was away are made up for within this time. */
  readonly catchupHours: number;
  readonly workflowType: string;
  readonly workflowId: string;
  /** The beginning of the ids of all workflows of this work: what their principal is for. */
  readonly work: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** As which work operators see it. */
  readonly shownAs: string;
  /** One in each namespace, of the tenants there; else one for all. */
  readonly everyNamespace: boolean;
}

export const scheduleDriftSchema = z.object({ field: z.string(), declared: z.string(), found: z.string() }).meta({ id: 'ScheduleDrift' });
export type ScheduleDrift = z.infer<typeof scheduleDriftSchema>;

export const platformScheduleSchema = z
  .object({
    name: z.string(),
    namespace: z.string(),
    description: z.string(),
    times: z.string().meta({ description: 'As declared, in UTC.', example: '03:15 SUNDAY to SATURDAY, up to 30 minutes later' }),
    state: z.enum(['active', 'paused', 'missing']),
    note: z.string().nullable().meta({ description: 'Why it is paused, where whoever paused it said so.' }),
    drift: z.array(scheduleDriftSchema).meta({ description: 'Where Temporal holds something else than what is declared.' }),
    nextRuns: z.array(z.iso.datetime()),
    recentRuns: z.array(z.object({ at: z.iso.datetime(), workflowId: z.string() })),
  })
  .meta({ id: 'PlatformSchedule' });
export type PlatformSchedule = z.infer<typeof platformScheduleSchema>;

export const platformSchedulesSchema = z.object({ schedules: z.array(platformScheduleSchema) }).meta({ id: 'PlatformSchedules' });
