import type { Job } from '../../contracts/jobs.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { JobTally } from '../ingest/jobTally.ts';
import { ProgressDisplay } from '../output/progressDisplay.ts';
import { PauseNotes } from './pauseNotes.ts';

/** Follows a job with a live view until it is finished; says how to go on when it is interrupted. */
export async function watchJob(client: CatalystClient, context: CliContext, id: string): Promise<Job> {
  const first = await client.getJob(id, { signal: context.signal });
  const tally = new JobTally(id, first.counts.total);
  const display = new ProgressDisplay(context);
  const pauses = new PauseNotes(id, (line) => display.note(line));
  try {
    return await client.waitForJob(id, {
      signal: context.signal,
      onProgress: (update) => {
        tally.add(update);
        pauses.tell(update);
        display.update({ done: tally.done, total: tally.total, failed: tally.failed, note: tally.note, remaining: tally.remaining, openEnded: tally.openEnded });
      },
    });
  } catch (error) {
    display.note(`The job goes on. To watch it again: catalyst job ${id} --watch`);
    throw error;
  } finally {
    display.stop();
  }
}
