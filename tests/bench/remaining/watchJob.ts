import { setTimeout } from 'node:timers/promises';
import { isFinal } from '../../../src/contracts/jobs.ts';
import type { JobProgress } from '../../../src/contracts/progress.ts';
import type { CatalystClient } from '../../../src/sdk/client.ts';
import { median, round } from '../statistics.ts';

/** How well a job's remaining time was foretold, asked every second. */
export interface Foretelling {
  readonly job: string;
  readonly seconds: number;
  /** How often the API was asked while the job ran, and how often it gave an interval. */
  readonly asked: number;
  readonly answered: number;
  /** Share of intervals that held the truth; where they did not, the job ended before or after them. */
  readonly inside: number;
  readonly endedBefore: number;
  readonly endedAfter: number;
  /** Median of (p90 - p10) / truth: an interval that is never wrong because it is wide says nothing. */
  readonly width: number;
  /** Median of |p50 - truth| / truth. */
  readonly error: number;
}

interface Answer {
  readonly truth: number;
  readonly remaining: NonNullable<JobProgress['remaining']>;
}

const askEveryMs = 1_000;

/** Asks for the progress of a job until it is over, and judges what was foretold by what came. */
export async function watchJob(client: CatalystClient, name: string, jobId: string): Promise<Foretelling> {
  const seen: JobProgress[] = [];
  for (;;) {
    const progress = await client.jobs.progress(jobId);
    if (isFinal(progress.state)) break;
    seen.push(progress);
    await setTimeout(askEveryMs);
  }
  const { createdAt, finishedAt, state } = await client.getJob(jobId);
  if (finishedAt === null || state !== 'succeeded') throw new Error(`The job "${name}" is ${state}.`);
  const answers = seen.flatMap(({ at, remaining }) => (remaining === null ? [] : [{ remaining, truth: (Date.parse(finishedAt) - Date.parse(at)) / 1000 }]));
  return { job: name, seconds: round((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000, 1), asked: seen.length, ...judge(answers) };
}

function judge(answers: readonly Answer[]): Omit<Foretelling, 'job' | 'seconds' | 'asked'> {
  const share = (holds: (answer: Answer) => boolean) => round(answers.filter(holds).length / answers.length, 3);
  return {
    answered: answers.length,
    inside: share(({ truth, remaining: { p10, p90 } }) => truth >= p10 && truth <= p90),
    endedBefore: share(({ truth, remaining: { p10 } }) => truth < p10),
    endedAfter: share(({ truth, remaining: { p90 } }) => truth > p90),
    width: round(median(answers.map(({ truth, remaining: { p10, p90 } }) => (p90 - p10) / truth))),
    error: round(median(answers.map(({ truth, remaining: { p50 } }) => Math.abs(p50 - truth) / truth))),
  };
}
