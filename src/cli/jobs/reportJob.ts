import type { IngestResponse } from '../../contracts/jobs.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodeOfJob, exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { failuresWithDocuments } from '../ingest/failureExamples.ts';
import { writeJson } from '../jsonOutput.ts';
import { styleOf } from '../output/terminal.ts';
import { jobText } from './jobText.ts';
import { watchJob } from './watchJob.ts';
import { writePreviews } from './writePreviews.ts';

export interface ReportOptions {
  readonly wait: boolean;
  readonly json?: boolean;
}

/** Follows a job that was just accepted, and prints what became of it; a dry run with its documents. */
export async function reportJob(client: CatalystClient, context: CliContext, accepted: IngestResponse, { wait, json }: ReportOptions): Promise<ExitCode> {
  if (!wait) {
    if (json === true) writeJson(context, accepted);
    else context.stdout.write(`Job ${accepted.jobId} is accepted. To watch: catalyst job ${accepted.jobId} --watch\n`);
    return exitCodes.success;
  }
  const job = await watchJob(client, context, accepted.jobId);
  if (json === true) {
    writeJson(context, job);
    return exitCodeOfJob(job);
  }
  const style = styleOf(context.stdout, context.environment);
  context.stdout.write(jobText(job, await failuresWithDocuments(client, [job], [], context.signal), style));
  if (job.dryRun) await writePreviews(client, context, [job]);
  return exitCodeOfJob(job);
}
