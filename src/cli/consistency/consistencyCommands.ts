import type { Command } from 'commander';
import type { ConsistencyAudit, Fault } from '../../contracts/consistency.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import { wholeNumber } from '../optionValues.ts';
import type { RunCommand } from '../runCommand.ts';
import { auditText, auditsText, total } from './consistencyText.ts';

interface AuditOptions {
  readonly repair?: boolean;
  readonly deep?: boolean;
  readonly json?: boolean;
}

const mostShown = 100;

/** `catalyst consistency …`: whether registry, artifacts and index say the same. */
export function addConsistencyCommands(program: Command, run: RunCommand): void {
  const consistency = program.command('consistency').description('Whether registry, artifacts and index say the same.');
  consistency
    .command('audit')
    .description('Compare them and report what differs; with --repair, mend it. Runs every night by itself. Ends with 1 where something is left to be mended.')
    .option('--repair', 'mend what is found')
    .option('--deep', 'compare all that points and artifacts hold too')
    .option('--json', 'print the audit and its faults as JSON')
    .action((options: AuditOptions) => run((client, context) => audit(client, context, options)));
  consistency
    .command('list')
    .description('Audits, newest first.')
    .option('--limit <n>', 'so many', wholeNumber(1, 100_000), 20)
    .option('--json', 'print them as JSON')
    .action(({ limit, json }: { readonly limit: number; readonly json?: boolean }) =>
      run(async (client, context) => {
        const audits = await take(client.consistency.list({ pageSize: Math.min(limit, 1000), signal: context.signal }), limit);
        if (json === true) writeJson(context, audits);
        else context.stdout.write(auditsText(audits));
        return exitCodes.success;
      }),
    );
  consistency
    .command('get')
    .description('An audit with what it found.')
    .argument('<audit>', 'its id', identifier)
    .option('--json', 'print it as JSON')
    .action((auditId: string, { json }: { readonly json?: boolean }) =>
      run(async (client, context) => show(client, context, await client.consistency.get(auditId, context), json === true)),
    );
}

async function audit(client: CatalystClient, context: CliContext, { repair = false, deep = false, json = false }: AuditOptions): Promise<ExitCode> {
  const { id } = await client.consistency.audit({ dryRun: !repair, deep }, context);
  return show(client, context, await client.consistency.waitFor(id, context), json);
}

async function show(client: CatalystClient, context: CliContext, found: ConsistencyAudit, json: boolean): Promise<ExitCode> {
  const faults = await take(client.consistency.listFaults(found.id, { pageSize: 1000, signal: context.signal }), json ? Number.MAX_SAFE_INTEGER : mostShown);
  if (json) writeJson(context, { ...found, faults });
  else context.stdout.write(auditText(found, faults));
  return found.state === 'failed' || hasLeft(found, faults) ? exitCodes.failure : exitCodes.success;
}

function hasLeft({ report }: ConsistencyAudit, faults: readonly Fault[]): boolean {
  return report === null ? faults.length > 0 : total(report.found) > total(report.mended);
}
