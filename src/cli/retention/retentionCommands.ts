import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { recordKinds } from '../../contracts/sweeps.ts';
import type { RecordKind, RetentionChange, RetentionPolicy, Sweep, SweepReport } from '../../contracts/sweeps.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { count, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';

interface PolicyOptions {
  readonly replacedVersions?: Days;
  readonly failedArtifacts?: Days;
  readonly uploads?: Days;
  readonly jobs?: Days;
  readonly logs?: Days;
  readonly searchableHistory?: Days;
  readonly json?: boolean;
}

export function addRetentionCommands(program: Command, run: RunCommand): void {
  program
    .command('retention')
    .description('How long what is no longer needed is kept; with options, sets it.')
    .option('--replaced-versions <days>', 'artifacts of replaced versions, in days; "ever" keeps them', days)
    .option('--failed-artifacts <days>', 'what failed or cancelled runs left', days)
    .option('--uploads <days>', 'uploads that no document uses', days)
    .option('--jobs <days>', 'finished jobs, and what is known of versions without artifacts', days)
    .option('--logs <days>', 'events of finished jobs, and reports of sweeps and audits', days)
    .option('--searchable-history <days>', 'how long searches as of an earlier time find what was replaced since; 0: not at all', days)
    .option('--json', 'print it as JSON')
    .action((options: PolicyOptions) => run((client, context) => retention(client, context, options)));
  program
    .command('sweep')
    .description('Report what is no longer needed; with --remove, remove it. Runs daily by itself.')
    .option('--remove', 'remove it')
    .option('--json', 'print the sweep as JSON')
    .action((options: { readonly remove?: boolean; readonly json?: boolean }) => run((client, context) => sweep(client, context, options.remove === true, options.json === true)));
}

/** A parser cannot answer null: the command line takes it for no value. */
type Days = number | 'ever';

function days(text: string): Days {
  if (text === 'ever') return text;
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of days, or "ever".');
  return Number(text);
}

async function retention(client: CatalystClient, context: CliContext, options: PolicyOptions): Promise<ExitCode> {
  const change = changeOf(options);
  const policy = Object.keys(change).length === 0 ? await client.retention.get(context) : await client.retention.change(change, context);
  if (options.json === true) writeJson(context, policy);
  else context.stdout.write(policyText(policy));
  return exitCodes.success;
}

/** Of what is named alone: what is shown may be shorter than what the tenant chose, and must not become its choice. */
function changeOf({ searchableHistory, ...options }: PolicyOptions): RetentionChange {
  if (searchableHistory === 'ever') throw new UsageError('History can be searched for a number of days, not for ever.');
  const named = { replacedVersionDays: options.replacedVersions, failedArtifactDays: options.failedArtifacts, searchableHistoryDays: searchableHistory, uploadDays: options.uploads, jobDays: options.jobs, logDays: options.logs };
  return Object.fromEntries(Object.entries(named).flatMap(([name, chosen]) => (chosen === undefined ? [] : [[name, chosen === 'ever' ? null : chosen]])));
}

function policyText({ replacedVersionDays, failedArtifactDays, searchableHistoryDays, uploadDays, jobDays, logDays }: RetentionPolicy): string {
  const told = (value: number | null) => (value === null ? 'for ever' : count(value, 'day'));
  return table([['replaced versions', told(replacedVersionDays)], ['left by failed runs', told(failedArtifactDays)], ['searchable history', searchableHistoryDays === 0 ? 'none' : told(searchableHistoryDays)], ['unused uploads', told(uploadDays)], ['finished jobs', told(jobDays)], ['events and reports', told(logDays)]], [], '');
}

async function sweep(client: CatalystClient, context: CliContext, remove: boolean, json: boolean): Promise<ExitCode> {
  const { id } = await client.retention.sweep({ dryRun: !remove }, context);
  const current = await client.retention.waitForSweep(id, context);
  if (json) writeJson(context, current);
  else context.stdout.write(sweepText(current));
  return current.state === 'failed' ? exitCodes.failure : exitCodes.success;
}

function sweepText({ id, state, dryRun, report }: Sweep): string {
  const heading = `Sweep ${id}: ${state}${dryRun ? ' (dry run: nothing was removed)' : ''}\n`;
  if (report === null) return heading;
  const rows = ([['looked', 'looked at'], ['orphans', 'left by failed runs'], ['replacedVersions', 'replaced versions'], ['uploads', 'unused uploads']] as const).map(([kind, told]) => [told, whole(report[kind].objects), whole(report[kind].bytes)]);
  return `${heading}${table([['', 'objects', 'bytes'], ...rows], [1, 2], '  ')}  ${count(report.erasedRanges, 'part')} of packed objects\n${recordsText(report)}${report.examples.map((uri) => `    ${uri}\n`).join('')}`;
}

const toldRecords = { jobs: 'finished jobs', requests: 'requests for documents', versions: 'versions without artifacts', events: 'events of jobs', addresses: 'addresses that were seen', reports: 'reports', vaultEntries: 'entries of the vault' } as const satisfies Record<RecordKind, string>;

function recordsText({ records, removed, digest }: SweepReport): string {
  const some = recordKinds.filter((kind) => (records?.[kind] ?? 0) > 0).map((kind) => `  ${whole(records?.[kind] ?? 0)} ${toldRecords[kind]}\n`);
  return `${some.join('')}${removed == null ? '' : `  removed: ${removed}\n`}${digest === undefined ? '' : `  receipt: ${digest}\n`}`;
}
