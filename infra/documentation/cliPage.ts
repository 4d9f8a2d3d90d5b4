import { runCli } from '../../src/cli/main.ts';
import { codeBlock, madePage } from './markdown.ts';

const introduction = `\`npx catalyst\` in a checkout. In the folder where \`npm start\` runs it needs no address and no token; elsewhere see [configuration](configuration.md#command-line). The guides show it at work: [ingesting](../guides/ingesting.md), [searching](../guides/searching.md).`;

/** `docs/reference/cli.md`: what the program says of itself, as through a pipe, since a terminal's width would change it. */
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
  const said: string[] = [];
  const write = (text: string | Uint8Array) => void said.push(String(text));
  await runCli([...command, '--help'], { environment: {}, workingDirectory: process.cwd(), stdout: { write }, stderr: { write }, signal: new AbortController().signal });
  return said.join('');
}

/** None where a command has no others below it. */
function commandNames(help: string): string[] {
  const list = help.split('Commands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...list.matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => name ?? '').filter((name) => name !== 'help');
}
