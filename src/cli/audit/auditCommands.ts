import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { AuditHead } from '../../contracts/audit.ts';
import { moment } from '../checkedValues.ts';
import { exitCodes } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import { wholeNumber } from '../optionValues.ts';
import type { RunCommand } from '../runCommand.ts';
import { auditText, verificationText } from './auditText.ts';

interface ListOptions {
  readonly since?: string;
  readonly until?: string;
  readonly subject?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `catalyst audit …`: who did what, and whether the log of it is whole. */
export function addAuditCommands(program: Command, run: RunCommand): void {
  const audit = program.command('audit').description('Who did what, in a log that cannot be changed unseen.');
  addListCommand(audit, run);
  addVerifyCommand(audit, run);
}

function addListCommand(audit: Command, run: RunCommand): void {
  audit
    .command('list', { isDefault: true })
    .description('Operations, newest first.')
    .option('--since <time>', 'begun then or later', moment)
    .option('--until <time>', 'begun before', moment)
    .option('--subject <subject>', 'by this subject, such as key:ID')
    .option('--operation <operation>', 'this operation, such as deleteDocument')
    .option('--resource <path>', 'on paths that begin so, such as /v1/documents/')
    .option('--limit <n>', 'so many', wholeNumber(1, 1_000_000), 50)
    .option('--json', 'print them as JSON')
    .action(({ limit, json, ...filter }: ListOptions) =>
      run(async (client, context) => {
        const records = await take(client.audit.list({ ...filter, pageSize: Math.min(limit, 1000), signal: context.signal }), limit);
        if (json === true) writeJson(context, records);
        else context.stdout.write(auditText(records));
        return exitCodes.success;
      }),
    );
}

function addVerifyCommand(audit: Command, run: RunCommand): void {
  audit
    .command('verify')
    .description('Read the whole log and find entries that were changed, removed, inserted or put elsewhere; ends with 1 where there are any.')
    .option('--expect <head>', 'the head that an earlier verification showed, SEQUENCE:HASH, which the log must still hold', head)
    .option('--json', 'print the findings as JSON')
    .action(({ expect: anchor, json }: { readonly expect?: AuditHead; readonly json?: boolean }) =>
      run(async (client, context) => {
        const verification = await client.audit.verify({ anchor, signal: context.signal });
        if (json === true) writeJson(context, verification);
        else context.stdout.write(verificationText(verification));
        return verification.faults.length === 0 ? exitCodes.success : exitCodes.failure;
      }),
    );
}

function head(text: string): AuditHead {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) throw new InvalidArgumentError('It must be SEQUENCE:HASH, as "catalyst audit verify" shows it.');
  return { sequence: Number(sequence), hash };
}
