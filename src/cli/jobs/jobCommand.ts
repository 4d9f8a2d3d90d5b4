import { Option } from 'commander';
import type { Command } from 'commander';
import { states } from '../../contracts/jobs.ts';
import type { JobDocument, State } from '../../contracts/jobs.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodeOfJob } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { failuresWithDocuments } from '../ingest/failureExamples.ts';
import { writeJson } from '../jsonOutput.ts';
import { styleOf } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';
import { documentLine, jobText } from './jobText.ts';
import { watchJob } from './watchJob.ts';

interface JobOptions {
  readonly watch?: boolean;
  readonly documents?: boolean;
  readonly state?: State;
  readonly json?: boolean;
}

export function addJobCommand(program: Command, run: RunCommand): void {
  program
    .command('job')
    .description('What became of an ingestion job.')
    .argument('<id>', 'identifier of the job', identifier)
    .option('--watch', 'follow the job until it is finished')
    .option('--documents', 'list its documents')
    .addOption(new Option('--state <state>', 'with --documents: only those in this state').choices(states))
    .option('--json', 'print the job as JSON; with --documents, under "documents"')
    .addHelpText('after', '\nExit code 0: succeeded or still going on, 1: failed, 3: partial.')
    .action((id: string, options: JobOptions) => run((client, context) => showJob(client, context, id, options)));
}

async function showJob(client: CatalystClient, context: CliContext, id: string, options: JobOptions): Promise<ExitCode> {
  const job = options.watch === true ? await watchJob(client, context, id) : await client.getJob(id, { signal: context.signal });
  const documents = client.listJobDocuments(id, { state: options.state, pageSize: 500, signal: context.signal });
  const listed = options.documents === true || options.state !== undefined;
  if (options.json === true) {
    writeJson(context, listed ? { ...job, documents: await collected(documents) } : job);
    return exitCodeOfJob(job);
  }
  const style = styleOf(context.stdout, context.environment);
  context.stdout.write(jobText(job, await failuresWithDocuments(client, [job], [], context.signal), style));
  if (listed) for await (const document of documents) context.stdout.write(documentLine(document, style));
  return exitCodeOfJob(job);
}

async function collected(documents: AsyncIterable<JobDocument>): Promise<JobDocument[]> {
  const all: JobDocument[] = [];
  for await (const document of documents) all.push(document);
  return all;
}
