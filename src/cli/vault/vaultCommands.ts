import type { Command } from 'commander';
import type { RevealResponse } from '../../contracts/vault.ts';
import { exitCodes } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { oneLine } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';

interface RevealOptions {
  readonly json?: boolean;
}

export function addVaultCommands(program: Command, run: RunCommand): void {
  const vault = program.command('vault').description('Personal data that was redacted and can be brought back.');
  vault
    .command('reveal')
    .description('What marks stand for; told in the audit log of the tenant.')
    .argument('<name...>', 'names of entries, or whole marks such as "[email#k3v7abcdefgh2345]"')
    .option('--json', 'print the answer as JSON')
    .action((marks: string[], { json = false }: RevealOptions) =>
      run(async (client, context) => {
        const answer = await client.vault.reveal(marks.map(nameOf), { signal: context.signal });
        if (json) writeJson(context, answer);
        else context.stdout.write(revealText(answer));
        return answer.missing.length === 0 ? exitCodes.success : exitCodes.failure;
      }),
    );
}

/** A mark is taken as it was copied. */
function nameOf(mark: string): string {
  return mark.trim().replace(/^\[?(?:[a-z]+#)?/, '').replace(/\]$/, '');
}

function revealText({ entries, missing }: RevealResponse): string {
  const lines = [...entries.map(({ name, kind, value }) => `${name}  ${kind}  ${oneLine(value)}`), ...missing.map((name) => `${name}  unknown, or in no document that you may see`)];
  return lines.map((line) => `${line}\n`).join('');
}
