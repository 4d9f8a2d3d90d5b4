import { isFinal } from '../../contracts/jobs.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { JobUpdate } from '../../sdk/jobEvents.ts';

/**
 * How far one job is, out of snapshots and single events, whichever is ahead: snapshots come now and then,
 * and events of a watch that was taken up late may be few.
 */
export class JobTally {
  readonly jobId: string;
  readonly total: number;
  job: Job | undefined;
  private readonly finished = new Set<number>();
  private readonly failedOnes = new Set<number>();

  constructor(jobId: string, total: number) {
    this.jobId = jobId;
    this.total = total;
  }

  add(update: JobUpdate): void {
    if (update.type === 'job') {
      this.job = update.job;
      return;
    }
    if (update.type === 'progress') return;
    const { index, state } = update.event;
    if (index === null || !isFinal(state)) return;
    this.finished.add(index);
    if (state === 'failed') this.failedOnes.add(index);
  }

  get done(): number {
    const counts = this.job?.counts;
    return Math.min(this.total, Math.max(this.finished.size, counts === undefined ? 0 : counts.succeeded + counts.partial + counts.failed));
  }

  get failed(): number {
    return Math.max(this.failedOnes.size, this.job?.counts.failed ?? 0);
  }
}
