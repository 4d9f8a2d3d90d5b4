import type { PlatformSchedule } from '../contracts/schedules.ts';

/** Schedules of the product itself. Throws WORKFLOWS_UNAVAILABLE, and NOT_FOUND for a name that is not declared or not there. */
export interface PlatformSchedules {
  /** Makes those that are missing. One that is there stays as it is, since an operator may have made it his own; only its principal is renewed. */
  ensure(): Promise<void>;
  list(): Promise<PlatformSchedule[]>;
  /** Makes all as they are declared; what is paused stays paused. Safe to repeat. */
  apply(): Promise<PlatformSchedule[]>;
  /** Starts a run now, beside its times. */
  run(name: string): Promise<void>;
  pause(name: string, note: string): Promise<void>;
  resume(name: string): Promise<void>;
}
