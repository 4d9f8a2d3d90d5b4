import type { Command } from 'commander';
import type { CatalystClient } from '../sdk/client.ts';
import type { CliContext } from './cliContext.ts';
import { exitCodes } from './exitCodes.ts';
import type { ExitCode } from './exitCodes.ts';
import { oneLine, styleOf } from './output/terminal.ts';
import { table } from './output/table.ts';
import type { RunCommand } from './runCommand.ts';

export function addStatusCommand(program: Command, run: RunCommand): void {
  program
    .command('status')
    .description('Whether the API and everything it depends on answers, and how fast.')
    .option('--json', 'print the readiness as JSON')
    .addHelpText('after', '\nExit code 0: ready, or degraded (only an optional part does not answer); 4: something does not answer.')
    .action((options: { readonly json?: boolean }) => run((client, context, url) => status(client, context, url, options.json === true)));
}

async function status(client: CatalystClient, context: CliContext, url: string, json: boolean): Promise<ExitCode> {
  const started = performance.now();
  const health = await client.health({ signal: context.signal });
  const latencyMs = performance.now() - started;
  const exitCode = health.status === 'unavailable' ? exitCodes.unavailable : exitCodes.success;
  if (json) {
    context.stdout.write(`${JSON.stringify({ url, latencyMs: Math.round(latencyMs * 10) / 10, ...health }, null, 2)}\n`);
    return exitCode;
  }
  const style = styleOf(context.stdout, context.environment);
  const heading = `${url}  ${health.status}  ${latencyMs.toFixed(1)} ms\n`;
  const colour = { ready: style.green, degraded: style.yellow, unavailable: style.red }[health.status];
  context.stdout.write(style.bold(colour(heading)));
  context.stdout.write(table(health.dependencies.map(({ name, ok, latencyMs: own, detail }) => [name, ok ? 'ok' : 'FAILS', `${own.toFixed(1)} ms`, oneLine(detail ?? '')]), [2], '  '));
  for (const { name, ok, remedy } of health.dependencies) {
    if (!ok && remedy !== null) context.stdout.write(`${style.yellow(name)}: ${oneLine(remedy)}\n`);
  }
  return exitCode;
}
