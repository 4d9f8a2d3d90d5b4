import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { servedOpenApi } from '../../../infra/documentation/servedOpenApi.ts';
import { runCli } from '../../../src/cli/main.ts';
import { errorTable } from '../../../src/contracts/errors.ts';
import { capturedContext } from '../../support/capturedContext.ts';

/** What people are told to type must be what there is. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md') && !name.startsWith('reference')).map((name) => join('docs', name))];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

const helps = new Map<string, string>();

async function helpOf(path: readonly string[]): Promise<string> {
  const name = path.join(' ');
  const known = helps.get(name);
  if (known !== undefined) return known;
  const context = capturedContext();
  await runCli([...path, '--help'], context);
  helps.set(name, context.out());
  return context.out();
}

/** Words of the lines that call the program, without comments and what stands in quotes. */
function commandLines(text: string): string[][] {
  return [...text.matchAll(/npx catalyst ([^\n`|]+)/g)].map(([, line = '']) => line.replace(/\s#.*$/, '').replace(/"[^"]*"|'[^']*'/g, 'QUOTED').replace(/[),.;]+$/, '').trim().split(/\s+/));
}

const lists = (help: string, command: string): boolean => new RegExp(`^  ${command}[ \\n]`, 'm').test(help.split('Commands:\n')[1] ?? '');

/** The command with its subcommand, where it has one. */
async function pathOf(words: readonly string[]): Promise<string[]> {
  const [command = '', subcommand = ''] = words;
  return lists(await helpOf([command]), subcommand) ? [command, subcommand] : [command];
}

/** Remedies name commands without npx, since they are read by people far from the checkout. */
const remedies = Object.entries(errorTable).map(([code, { remedy }]) => [code, remedy.replace(/(["`])catalyst ([^"`]+)\1/g, '`npx catalyst $2`')] as const);

describe('commands', () => {
  const lines = [...pages.map((page) => [page, textOf(page)] as const), ...remedies].flatMap(([page, text]) => commandLines(text).map((words) => [page, words.join(' '), words] as const)).filter(([, , [first = '']]) => !first.startsWith('-'));

  it('are found', () => {
    expect(lines.length).toBeGreaterThan(50);
    expect(new Set(lines.map(([, , [command]]) => command)).size).toBeGreaterThan(12);
  });

  it.each(lines)('%s: npx catalyst %s', async (_page, _line, words) => {
    expect(lists(await helpOf([]), words[0] ?? ''), `the command "${words[0]}"`).toBe(true);
    const path = await pathOf(words);
    const help = await helpOf(path);
    expect(help).toContain(`Usage: catalyst ${path.join(' ')}`);
    for (const option of words.filter((word) => word.startsWith('--'))) expect(help, option).toMatch(new RegExp(`${option}[ ,\\n]`));
  });
});

describe('routes', () => {
  let routes: { readonly methods: readonly string[]; readonly form: RegExp }[];
  const calls = pages.flatMap((page) => [...textOf(page).matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/v1\/[\w/-]+)(?![\w/…-])|\$API(\/v1\/[\w/-]+)/g)].map(([, method, path, called]) => [page, method ?? 'any', path ?? called ?? ''] as const));

  beforeAll(async () => {
    const { paths } = (await servedOpenApi()) as { readonly paths: Readonly<Record<string, object>> };
    routes = Object.entries(paths).map(([path, methods]) => ({ methods: Object.keys(methods), form: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[\\w-]+')}$`) }));
  }, 60_000);

  it('are found', () => {
    expect(calls.length).toBeGreaterThan(25);
  });

  it.each(calls)('%s: %s %s', (_page, method, path) => {
    const served = routes.filter(({ form }) => form.test(path)).flatMap(({ methods }) => methods);
    if (method === 'any') expect(served, path).not.toEqual([]);
    else expect(served, path).toContain(method.toLowerCase());
  });
});
