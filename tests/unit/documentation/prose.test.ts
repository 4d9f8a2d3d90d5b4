import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { portVariables } from '../../../infra/local/settings.ts';
import { variablesSchema } from '../../../src/config/variables.ts';
import { errorTable } from '../../../src/contracts/errors.ts';

/** What people write by hand must not name what is not there. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const scripts = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')));
}

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  it('links to pages and headings that are there', () => {
    for (const [, target = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect(existsSync(join(root, file)), `${target} in ${page}`).toBe(true);
      if (anchor !== undefined) expect([...anchorsOf(textOf(file))], `${target} in ${page}`).toContain(anchor);
    }
  });

  it('names npm scripts, files, variables and error codes that are there', () => {
    for (const [, script = ''] of text.matchAll(/npm run ([a-z]+)/g)) expect(Object.keys(scripts)).toContain(script);
    for (const [, path = ''] of text.matchAll(/`((?:src|temporal|infra|tests|docs|bin)\/[\w./-]*(?:\/|\.\w+))`/g)) expect(existsSync(join(root, path)), `${path} in ${page}`).toBe(true);
    const known = new Set<string>([...Object.keys(variablesSchema.shape), ...Object.values(portVariables), 'CATALYST_STATE_DIR', 'CATALYST_CACHE_DIR', 'CATALYST_LOCAL_PORT_BASE', 'CATALYST_START_ONCE', 'CATALYST_URL', 'CATALYST_TOKEN']);
    for (const [variable] of text.matchAll(/\bCATALYST_[A-Z0-9_]*[A-Z0-9]\b(?!_\*)/g)) expect([...known], `${variable} in ${page}`).toContain(variable);
    for (const [, code = ''] of text.matchAll(/`((?:FETCH|INDEX|EMBEDDER|ARTIFACT|REGISTRY|WORKFLOWS|INVALID|EMBEDDING|AUTHENTICATION|FETCHER|PARSE|DOCUMENT)_[A-Z_]*[A-Z])`/g)) expect(Object.keys(errorTable), `${code} in ${page}`).toContain(code);
  });

  it('holds no path of one machine', () => {
    expect(text.match(/(?:\/home\/|\/root\/|\/tmp\/|\/work\/|\/Users\/)\S*/g) ?? []).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('draws the folders as dependency-cruiser enforces them', () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: readonly { readonly name: string; readonly comment?: string }[] };
    const rules = forbidden.filter(({ name }) => name.endsWith('-imports'));
    expect(rules.length).toBeGreaterThan(10);
    const text = textOf('docs/architecture.md');
    for (const { comment = '' } of rules) {
      const [, folder = '', allowed = ''] = /^src\/(\S+) may import (.+)\.$/.exec(comment) ?? [];
      const row = text.split('\n').find((line) => line.startsWith(`| \`src/${folder}/\` |`));
      expect(row?.split('|').at(-2)?.trim().replaceAll('`', ''), `src/${folder} in docs/architecture.md`).toBe(allowed === 'nothing of src' ? 'nothing' : allowed);
    }
  });
});

it('finds what it checks', () => {
  const all = pages.map(textOf).join('\n');
  expect(withoutCode(all).match(/\]\([^)\s]+\)/g)?.length).toBeGreaterThan(50);
  expect(all.match(/`(?:src|tests|infra)\/[\w./-]*(?:\/|\.\w+)`/g)?.length).toBeGreaterThan(20);
  expect(anchorsOf('# What is needed\n## A, B & c').has('what-is-needed')).toBe(true);
});

it('what is said of the Node that is needed agrees with package.json', () => {
  const { engines } = JSON.parse(textOf('package.json')) as { readonly engines: { readonly node: string } };
  const [, major = '', minor = ''] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
  expect(textOf('bin/catalyst.js')).toContain(`major > ${major} || (major === ${major} && minor >= ${minor})`);
  for (const page of ['bin/catalyst.js', 'docs/guides/production.md', 'README.md']) {
    expect([...textOf(page).matchAll(/(?:TypeScript: |Node )(\d+\.\d+) or newer/g)].map(([, version]) => version), page).toEqual([`${major}.${minor}`]);
  }
});

it('every page of docs is linked from another page', () => {
  const linked = new Set(pages.flatMap((page) => [...textOf(page).matchAll(/\]\(([^)\s#]+\.(?:md|json))(?:#[^)]*)?\)/g)].map(([, target = '']) => relative(root, join(root, dirname(page), target)))));
  for (const page of pages) if (page.startsWith('docs')) expect([...linked], page).toContain(page);
});
