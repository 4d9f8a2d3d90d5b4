import { CatalystError } from '../../contracts/errors.ts';
import type { DiscoveryRequest, DiscoveryStep } from '../../ports/sourceDiscovery.ts';
import { stepTo, type DiscoveryContext } from './discoveryContext.ts';
import type { Ending, JobProgress } from './discoveryCursor.ts';
import { stopJob } from './stopJob.ts';
import type { PageNaming } from './jobResult.ts';
import { JobResults } from './jobResults.ts';
import { readStatus, skipOf, type JobStatus } from './jobStatus.ts';

/** Of a step: they are recorded in one transaction. */
const mostDocuments = 500;
/** A job is shown a moment after it was started. */
const unseenMs = 60_000;

/** What one look at the job means: go on at once, look again later, or conclude. */
type Look = { readonly job: JobProgress; readonly then: 'more' | 'later' } | { readonly job: JobProgress; readonly then: Ending };

/**
 * Reads pages of results for some seconds and hands them over with the position behind them. What was handed over is not asked for
 * again; what was not, is: a page that cannot be read now ends the step, never the reading.
 */
export async function followJob(context: DiscoveryContext, request: DiscoveryRequest, naming: PageNaming, group: number, job: JobProgress): Promise<DiscoveryStep> {
  const results = new JobResults(context, request, naming, job);
  const until = performance.now() + context.poll.stepMs;
  let look: Look = { job, then: 'more' };
  for (let looks = 0; look.then === 'more'; looks += 1) {
    try {
      look = await lookAt(context, request, results, look.job);
    } catch (error) {
      // What this step has taken so far is kept; the next one meets the failure again if it lasts.
      if (looks === 0 || !(error instanceof CatalystError) || !error.class.retryable) throw error;
      return handOver(results, look.job, group, Math.max(error.retryAfterMs ?? 0, context.poll.minimumMs));
    }
    request.progress({ job: job.id, results: results.count, completed: look.job.completed, total: look.job.total });
    if (look.then === 'more' && (performance.now() >= until || results.documents.length >= mostDocuments)) return handOver(results, look.job, group, 0);
  }
  if (look.then === 'later') return handOver(results, look.job, group, waitFor(context, look.job));
  return stepTo({ phase: 'concluding', job: { ...look.job, ...results.pack() }, ending: look.then, group }, results);
}

function handOver(results: JobResults, job: JobProgress, group: number, waitMs: number): DiscoveryStep {
  const { documents, unreadable } = results;
  return stepTo({ phase: 'reading', job: { ...job, ...results.pack() }, group }, { documents, unreadable, waitMs });
}

/** Longer the longer nothing happens: looks are limited, and most jobs take minutes. */
function waitFor({ poll }: DiscoveryContext, { idle }: JobProgress): number {
  return Math.round(Math.min(poll.minimumMs * 1.5 ** Math.min(idle, 40), poll.maximumMs));
}

async function lookAt(context: DiscoveryContext, request: DiscoveryRequest, results: JobResults, job: JobProgress): Promise<Look> {
  const status = await readStatus(context, job, request.signal);
  if (status === undefined) return lost(context, results, job);
  const fresh = await results.take(status.data);
  const changed = fresh > 0 || status.completed !== job.completed || status.total !== job.total;
  const at = context.now();
  const { completed, total } = status;
  const moved: JobProgress = { ...job, completed, total, skip: nextSkip(job.skip, status), changedAt: changed ? at : job.changedAt, idle: changed ? 0 : job.idle + 1 };
  if (status.status !== 'scraping') return ended(results, job, moved, status, fresh);
  // While the job runs, `next` is there whether or not results are: only those that are ready are worth another look at once.
  if (fresh > 0 && completed > moved.skip) return { job: moved, then: 'more' };
  if (at - moved.changedAt <= context.poll.stalledAfterMs) return { job: moved, then: 'later' };
  await stopJob(context, moved, request.signal);
  return { job: moved, then: { kind: 'stalled', detail: `nothing happened for ${Math.round((at - moved.changedAt) / 1_000)} seconds` } };
}

function nextSkip(skip: number, { next, data }: JobStatus): number {
  const named = skipOf(next);
  return named !== undefined && named > skip ? named : skip + data.length;
}

/** The job is over, its results perhaps not: they end where nothing follows, or where nothing new comes although all were passed. */
function ended(results: JobResults, before: JobProgress, job: JobProgress, status: JobStatus, fresh: number): Look {
  const follows = skipOf(status.next) !== undefined && job.skip > before.skip;
  const isPassed = fresh === 0 && job.skip >= Math.max(status.completed, status.total);
  if (follows && !isPassed) return { job, then: 'more' };
  // Results move when one before them is taken back: what was passed over is found by going through all of them once more.
  if (results.count < status.completed && job.pass === 1) return { job: { ...job, pass: 2, skip: 0 }, then: 'more' };
  return { job, then: { kind: status.status === 'scraping' ? 'completed' : status.status, detail: status.error ?? '' } };
}

function lost(context: DiscoveryContext, results: JobResults, job: JobProgress): Look {
  const isYoung = results.count === 0 && context.now() - job.startedAt < unseenMs;
  if (isYoung) return { job: { ...job, idle: job.idle + 1 }, then: 'later' };
  return { job, then: { kind: 'expired', detail: '' } };
}
