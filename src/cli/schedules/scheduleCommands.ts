import type { Command } from 'commander';
import type { PlatformSchedule } from '../../contracts/schedules.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { table } from '../output/table.ts';
import type { RunCommand } from '../runCommand.ts';

interface Options {
  readonly json?: boolean;
}

export function addScheduleCommands(program: Command, run: RunCommand): void {
  const schedules = program.command('schedules').description('What the product does by itself at its times.');
  const add = (line: string, description: string, call: (client: CatalystClient, context: CliContext, name: string) => Promise<PlatformSchedule[]>) =>
    schedules
      .command(line)
      .description(description)
      .option('--json', 'print them as JSON')
      .action((...given: readonly unknown[]) => {
        const [name, options] = typeof given[0] === 'string' ? [given[0], given[1] as Options] : ['', given[0] as Options];
        return run(async (client, context) => {
          const found = await call(client, context, name);
          if (options.json === true) writeJson(context, { schedules: found });
          else context.stdout.write(schedulesText(found));
          return exitCodes.success;
        });
      });
  add('list', 'All that are declared, with their next runs.', (client, context) => client.schedules.list(context));
  add('apply', 'Make all as they are declared; what is paused stays paused.', (client, context) => client.schedules.apply(context));
  add('run <name>', 'Run one now, beside its times.', (client, context, name) => client.schedules.run(name, context));
  add('pause <name>', 'Let one rest.', (client, context, name) => client.schedules.pause(name, context));
  add('resume <name>', 'Let one go on.', (client, context, name) => client.schedules.resume(name, context));
  addDiff(schedules, run);
}

/** As `diff` does: nothing to tell is success, and a difference is not. */
function addDiff(schedules: Command, run: RunCommand): void {
  schedules
    .command('diff')
    .description('Where Temporal holds something else than what is declared; ends with 1 where it does.')
    .option('--json', 'print it as JSON')
    .action((options: Options) =>
      run(async (client, context) => {
        const different = (await client.schedules.list(context)).filter(({ state, drift }) => state === 'missing' || drift.length > 0);
        if (options.json === true) writeJson(context, { schedules: different });
        else context.stdout.write(different.length === 0 ? 'All schedules are as they are declared.\n' : different.map(driftText).join(''));
        return different.length === 0 ? exitCodes.success : exitCodes.failure;
      }),
    );
}

function schedulesText(found: readonly PlatformSchedule[]): string {
  return table([['schedule', 'namespace', 'state', 'next run', 'times (UTC)'], ...found.map(({ name, namespace, state, drift, nextRuns, times }) => [name, namespace, drift.length > 0 ? `${state}, changed` : state, nextRuns[0] ?? 'none', times])]);
}

function driftText({ name, namespace, state, drift }: PlatformSchedule): string {
  const lines = state === 'missing' ? ['  is missing\n'] : drift.map(({ field, declared, found }) => `  ${field}: ${found}, declared is ${declared}\n`);
  return `${name} in ${namespace}\n${lines.join('')}`;
}
