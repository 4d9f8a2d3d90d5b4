import type { BackfillRequest, RegisteredSource, ScheduleState } from '../contracts/sources.ts';

/** Recurring runs of registered sources in the workflow service. Throws WORKFLOWS_UNAVAILABLE. */
export interface SourceSchedules {
  /** Makes the schedule be what the source says; removes it where the source has none. Safe to repeat. */
  apply(tenant: string, source: Pick<RegisteredSource, 'id' | 'schedule' | 'paused'>): Promise<void>;
  remove(tenant: string, sourceId: string): Promise<void>;
  /** undefined where the source has no schedule. */
  describe(tenant: string, sourceId: string): Promise<ScheduleState | undefined>;
  /** Makes up for the runs of a span of time. */
  backfill(tenant: string, sourceId: string, span: BackfillRequest): Promise<void>;
}
