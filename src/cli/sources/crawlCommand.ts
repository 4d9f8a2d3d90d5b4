import type { Command } from 'commander';
import { addJobOptions, jobOptionsOf } from '../jobs/jobOptions.ts';
import type { JobOptionValues } from '../jobs/jobOptions.ts';
import { reportJob } from '../jobs/reportJob.ts';
import type { ReportOptions } from '../jobs/reportJob.ts';
import { webAddress } from '../checkedValues.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { addDefinitionOptions, attributesOf, definitionOf } from './definitionOptions.ts';
import type { DefinitionOptions } from './definitionOptions.ts';

export function addCrawlCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('crawl')
    .description('Ingest a website, sitemap, feed, pages or bucket once. To read it again and again: catalyst source add.')
    .argument('[address]', 'the same as --website', webAddress);
  addJobOptions(addDefinitionOptions(command))
    .option('--no-wait', 'return at once')
    .option('--json', 'print the job as JSON')
    .addHelpText('after', '\nExample: catalyst crawl https://example.com/docs/ --include "/docs/**" --depth 3 --dry-run')
    .action((address: string | undefined, options: DefinitionOptions & JobOptionValues & ReportOptions) =>
      run(async (client, context) => {
        if (address !== undefined && options.website !== undefined) throw new UsageError('Give the address once: as argument, or with --website.');
        const named = address === undefined ? options : { ...options, website: address };
        const accepted = await client.ingestSource({ definition: definitionOf(named), attributes: attributesOf(options), ...jobOptionsOf(options) }, context);
        return reportJob(client, context, accepted, options);
      }),
    );
}
