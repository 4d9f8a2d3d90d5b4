import type { Command } from 'commander';
import type { Job } from '../../contracts/jobs.ts';
import { identifier } from '../checkedValues.ts';
import { exitCodes } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import { wholeNumber } from '../optionValues.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import type { RunCommand } from '../runCommand.ts';

interface JobsOptions {
  readonly source?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function addJobsCommand(program: Command, run: RunCommand): void {
  program
    .command('jobs')
    .description('Jobs, newest first.')
    .option('--source <id>', 'only runs of this registered source', identifier)
    .option('--limit <n>', 'so many', wholeNumber(1, 10_000), 20)
    .option('--json', 'print them as JSON')
    .action((options: JobsOptions) =>
      run(async (client, context) => {
        const jobs = await take(client.jobs.list({ sourceId: options.source, pageSize: Math.min(options.limit, 1000), signal: context.signal }), options.limit);
        if (options.json === true) writeJson(context, jobs);
        else context.stdout.write(jobs.length === 0 ? 'No jobs.\n' : table([['job', 'state', 'documents', 'failed', 'created'], ...jobs.map(rowOf)], [2, 3], ''));
        return exitCodes.success;
      }),
    );
}

function rowOf({ id, state, pause, dryRun, counts, createdAt }: Job): string[] {
  return [id, `${pause === null ? state : 'paused'}${dryRun ? ' (dry run)' : ''}`, whole(counts.total), whole(counts.failed), createdAt];
}
