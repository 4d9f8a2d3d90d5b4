import { suspension } from '../../contracts/steering.ts';
import type { JobPause } from '../../contracts/steering.ts';
import type { JobUpdate } from '../../sdk/jobEvents.ts';
import { oneLine } from '../output/terminal.ts';

/** Says once for each pause of a watched job why it rests and how it goes on: without that a watch only seems stuck. */
export class PauseNotes {
  private readonly jobId: string;
  private readonly write: (line: string) => void;
  private since: string | undefined;

  constructor(jobId: string, write: (line: string) => void) {
    this.jobId = jobId;
    this.write = write;
  }

  tell(update: JobUpdate): void {
    if (update.type !== 'job') return;
    const { pause } = update.job;
    if (pause !== null && pause.since !== this.since) this.write(`Job ${this.jobId} is paused: ${oneLine(pause.detail)} ${pause.by === suspension ? oneLine(pause.remedy) : `To go on: ${commandOf(pause, this.jobId)}`}`);
    this.since = pause?.since;
  }
}

const before = { request: '', credits: 'add credits, then ', 'tenant-budget': 'raise the budget of the tenant or wait for the next month, then ' } as const;

function commandOf({ reason }: JobPause, jobId: string): string {
  if (reason === 'budget') return `catalyst approve ${jobId} --tokens N (or --cost, --no-budget)`;
  return `${before[reason]}catalyst resume ${jobId}`;
}
