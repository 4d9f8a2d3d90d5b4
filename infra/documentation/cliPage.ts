import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { codeBlock, madePage } from './markdown.ts';

const program = fileURLToPath(new URL('../../bin/catalyst.js', import.meta.url));
const run = promisify(execFile);

const introduction = `\`npx catalyst\` in a checkout. In the folder where \`npm start\` runs it needs no address and no token; elsewhere see [configuration](configuration.md#command-line). The guides show it at work: [ingesting](../guides/ingesting.md), [searching](../guides/searching.md).`;

/** `docs/reference/cli.md`: what the program says of itself, through a pipe, since a terminal's width would change it. */
export async function cliPage(): Promise<string> {
  const overview = await helpOf();
  if (commandNames(overview).length === 0) throw new Error('The command line names no commands.');
  const parts: string[] = [codeBlock(overview)];
  for (const command of commandNames(overview)) {
    const help = await helpOf(command);
    parts.push(`## catalyst ${command}`, codeBlock(help));
    for (const subcommand of commandNames(help)) parts.push(`### catalyst ${command} ${subcommand}`, codeBlock(await helpOf(command, subcommand)));
  }
  return madePage('Command line', 'the commands in src/cli', introduction, ...parts);
}

async function helpOf(...command: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [program, ...command, '--help']);
  return stdout;
}

/** None where a command has no others below it. */
function commandNames(help: string): string[] {
  const list = help.split('Commands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...list.matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name ?? '').filter((name) => name !== 'help');
}
