import { isFinal } from '../../contracts/jobs.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { JobProgress } from '../../contracts/progress.ts';
import type { JobUpdate } from '../../sdk/jobEvents.ts';
import { count } from '../output/numbers.ts';

/**
 * How far one job is, out of snapshots and single events, whichever is ahead: snapshots come now and then,
 * and events of a watch that was taken up late may be few.
 */
export class JobTally {
  readonly jobId: string;
  job: Job | undefined;
  private progress: JobProgress | undefined;
  private readonly accepted: number;
  private readonly finished = new Set<number>();
  private readonly failedOnes = new Set<number>();

  constructor(jobId: string, total: number) {
    this.jobId = jobId;
    this.accepted = total;
  }

  add(update: JobUpdate): void {
    if (update.type === 'job') {
      this.job = update.job;
      return;
    }
    if (update.type === 'progress') {
      this.progress = update.progress;
      return;
    }
    const { index, state } = update.event;
    if (index === null || !isFinal(state)) return;
    this.finished.add(index);
    if (state === 'failed') this.failedOnes.add(index);
  }

  /** Grows while the job reads its source, or documents are added. */
  get total(): number {
    return this.job?.counts.total ?? this.accepted;
  }

  /** Seconds until the job is done, as the API reckons: null where it cannot tell, undefined where it has not spoken yet. */
  get remaining(): JobProgress['remaining'] | undefined {
    if (this.job?.pause != null) return null;
    return this.progress?.remaining;
  }

  /** True while nobody knows how many documents there will be. */
  get openEnded(): boolean {
    return this.job?.discovery?.state === 'running';
  }

  /** What is going on besides: why it rests, or which stages the documents are in. */
  get note(): string | undefined {
    const pause = this.job?.pause;
    if (pause != null) return `paused: ${pause.reason}`;
    const discovery = this.job?.discovery;
    if (discovery?.state === 'running') return `reading the source, ${count(discovery.pending, 'address', 'addresses')} to look at`;
    const stages = this.progress?.stages.filter(({ running }) => running > 0).map(({ stage, running }) => `${stage} ${running}`) ?? [];
    // Documents end a slice at a time; the tokens show that the model works on.
    const tokens = this.progress?.spent.tokens ?? 0;
    return stages.length === 0 ? undefined : [...stages, ...(tokens > 0 ? [count(tokens, 'token', 'tokens')] : [])].join(', ');
  }

  get done(): number {
    const counts = this.job?.counts;
    return Math.min(this.total, Math.max(this.finished.size, counts === undefined ? 0 : counts.succeeded + counts.partial + counts.failed));
  }

  get failed(): number {
    return Math.max(this.failedOnes.size, this.job?.counts.failed ?? 0);
  }
}
