import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { usageGroupings } from '../../contracts/usage.ts';
import type { Usage } from '../../contracts/usage.ts';
import { exitCodes } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import type { RunCommand } from '../runCommand.ts';

interface UsageCommandOptions {
  readonly from?: string;
  readonly to?: string;
  readonly by: (typeof usageGroupings)[number];
  readonly json?: boolean;
}

export function addUsageCommand(program: Command, run: RunCommand): void {
  program
    .command('usage')
    .description('What the tenant used, and what it cost.')
    .option('--from <day>', 'first day, such as 2026-11-01 (else the first of the month)', dayOption)
    .option('--to <day>', 'last day (else today)', dayOption)
    .addOption(new Option('--by <what>', 'a line for each').choices(usageGroupings).default('day'))
    .option('--json', 'print it as JSON')
    .action((options: UsageCommandOptions) =>
      run(async (client, context) => {
        const usage = await client.usage.get({ from: options.from, to: options.to, by: options.by, pageSize: 1000, signal: context.signal });
        if (options.json === true) writeJson(context, usage);
        else context.stdout.write(usageText(usage, options.by));
        return exitCodes.success;
      }),
    );
}

function dayOption(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('It must be a day, such as 2026-11-29.');
  return text;
}

function usageText({ from, to, currency, totals, entries, searchesToday }: Omit<Usage, 'next'>, by: UsageCommandOptions['by']): string {
  const head = [by, 'tokens', 'embeddings', 'bytes', 'credits', 'searches', 'query tokens', 'reranks', 'processor s', currency];
  const rows = entries.map((entry) => [entry.day ?? entry.jobId ?? 'no job', ...amountsOf(entry)]);
  const today = searchesToday === null ? '' : `searches today: ${whole(searchesToday.used)} of ${whole(searchesToday.quota)}, anew at ${searchesToday.resetsAt}\n`;
  return `${from} to ${to}\n${today}${table([head, ...rows, ['all', ...amountsOf(totals)]], [1, 2, 3, 4, 5, 6, 7, 8, 9], '')}`;
}

function amountsOf({ tokens, embeddings, bytes, credits, searches, queryTokens, reranks, processorSeconds, cost }: Usage['totals']): string[] {
  return [...[tokens, embeddings, bytes, credits, searches, queryTokens, reranks].map(whole), processorSeconds.toFixed(1), cost.toFixed(4)];
}
