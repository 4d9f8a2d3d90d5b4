import { Command, CommanderError } from 'commander';
import { CatalystApiError } from '../sdk/apiError.ts';
import { CatalystClient } from '../sdk/client.ts';
import type { CliContext, OutputStream } from './cliContext.ts';
import { resolveConnection } from './connection.ts';
import type { ConnectionFlags } from './connection.ts';
import { exitCodeHelp, exitCodeOfError, exitCodes } from './exitCodes.ts';
import type { ExitCode } from './exitCodes.ts';
import { addAuditCommands } from './audit/auditCommands.ts';
import { addBackupCommands } from './backups/backupCommands.ts';
import { addConsistencyCommands } from './consistency/consistencyCommands.ts';
import { addDeleteCommands } from './documents/deleteCommands.ts';
import { addDocumentCommands } from './documents/documentCommands.ts';
import { addIndexCommands } from './index/indexCommands.ts';
import { addIngestCommand } from './ingest/ingestCommand.ts';
import { addDeadLetterCommands } from './jobs/deadLetterCommands.ts';
import { addJobCommand } from './jobs/jobCommand.ts';
import { addJobsCommand } from './jobs/jobsCommand.ts';
import { addSteeringCommands } from './jobs/steeringCommands.ts';
import { addKeyCommands } from './keys/keyCommands.ts';
import { oneLine } from './output/terminal.ts';
import type { RunCommand } from './runCommand.ts';
import { addRetentionCommands } from './retention/retentionCommands.ts';
import { addScheduleCommands } from './schedules/scheduleCommands.ts';
import { addSearchCommand } from './search/searchCommand.ts';
import { addSearchSettingsCommand } from './search/searchSettingsCommand.ts';
import { addSuggestCommand } from './search/suggestCommand.ts';
import { addSynonymCommand } from './search/synonymCommand.ts';
import { addCrawlCommand } from './sources/crawlCommand.ts';
import { addSourceCommands } from './sources/sourceCommands.ts';
import { addTenantCommands } from './tenants/tenantCommands.ts';
import { addStatusCommand } from './statusCommand.ts';
import { addUsageCommand } from './usage/usageCommand.ts';
import { addVaultCommands } from './vault/vaultCommands.ts';
import { UsageError } from './usageError.ts';

/** Runs one command line (without program names) and tells its exit code; nothing is thrown and the process goes on. */
export async function runCli(commandLine: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.success;
  const program = createProgram(context, (code) => void (exitCode = code));
  try {
    await program.parseAsync(commandLine, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, context);
  }
}

/** Through a pipe it is the same everywhere. */
function helpWidth({ isTTY, columns }: OutputStream): number {
  return isTTY === true ? (columns ?? 80) : 80;
}

function createProgram(context: CliContext, finish: (code: ExitCode) => void): Command {
  const program = new Command('catalyst')
    .description('Ingest documents into a Catalyst Index and search it.')
    .option('--url <address>', 'address of the API (else CATALYST_URL, else the stack started in this folder)')
    .option('--token <token>', 'bearer token or API key (else CATALYST_TOKEN, else the one of the stack started in this folder)')
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      getOutHelpWidth: () => helpWidth(context.stdout),
      getErrHelpWidth: () => helpWidth(context.stderr),
    });
  const run: RunCommand = async (command) => {
    const connection = resolveConnection(program.opts<ConnectionFlags>(), context);
    finish(await command(new CatalystClient(connection), context, connection.url));
  };
  addIngestCommand(program, run);
  addCrawlCommand(program, run);
  addSourceCommands(program, run);
  addJobsCommand(program, run);
  addJobCommand(program, run);
  addSteeringCommands(program, run);
  addDeadLetterCommands(program, run);
  addSearchCommand(program, run);
  addSuggestCommand(program, run);
  addSynonymCommand(program, run);
  addSearchSettingsCommand(program, run);
  addDocumentCommands(program, run);
  addDeleteCommands(program, run);
  addRetentionCommands(program, run);
  addConsistencyCommands(program, run);
  addKeyCommands(program, run);
  addAuditCommands(program, run);
  addVaultCommands(program, run);
  addUsageCommand(program, run);
  addTenantCommands(program, run);
  addIndexCommands(program, run);
  addBackupCommands(program, run);
  addScheduleCommands(program, run);
  addStatusCommand(program, run);
  nameHelp(program, 'catalyst');
  return program;
}

/** What is said after a mistake leads to the help of the command in which it was made. */
function nameHelp(command: Command, path: string): void {
  command.showHelpAfterError(`(see ${path} --help)`);
  for (const child of command.commands) nameHelp(child, `${path} ${child.name()}`);
}

function report(error: unknown, context: CliContext): ExitCode {
  // Commander has already said what is wrong; for --help it "fails" with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  if (context.signal.aborted) return exitCodes.interrupted;
  if (error instanceof UsageError) {
    context.stderr.write(`${error.message}\n`);
    return exitCodes.usage;
  }
  if (error instanceof CatalystApiError) {
    context.stderr.write(apiErrorText(error));
    return exitCodeOfError(error);
  }
  context.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failure;
}

function apiErrorText(error: CatalystApiError): string {
  // A single problem is what the detail already says.
  const problems = (error.problems.length > 1 ? error.problems : []).map(({ pointer, detail }) => `  ${oneLine(pointer)}: ${oneLine(detail)}\n`).join('');
  const request = error.requestId === null ? '' : `Request id: ${oneLine(error.requestId)}\n`;
  return `${oneLine(error.message)}\n${problems}${oneLine(error.remedy)}\n${request}`;
}
