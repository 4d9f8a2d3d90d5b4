/** `npm run check:licences`: every package that the lock file brings has a licence that the product may be shipped with. Needs no network. */
import { readFile } from 'node:fs/promises';
import { isMain } from './isMain.ts';

/** SPDX names. Weak copyleft by file (MPL) is used unchanged; what would ask for the product's own source is not here. */
export const allowedLicences: ReadonlySet<string> = new Set([
  'Apache-2.0', 'MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'CC-BY-4.0', 'Zlib', 'Python-2.0', 'MPL-2.0',
]);

/** Packages that name no SPDX licence; what their licence file says, as it was read. */
export const readLicences: Readonly<Record<string, { readonly licence: string; readonly why: string }>> = {
  busboy: { licence: 'MIT', why: 'its package.json has the old list of licences; its LICENSE file is the MIT text' },
  duck: { licence: 'BSD-2-Clause', why: 'its package.json says "BSD" alone; its LICENSE file is the text with two clauses' },
  unionfs: { licence: 'Unlicense', why: 'its package.json names none; its LICENSE file is the Unlicense' },
  streamsearch: { licence: 'MIT', why: 'its package.json has the old list of licences; its LICENSE file is the MIT text' },
};

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
}

export interface LicenceProblem {
  readonly name: string;
  readonly licence: string;
}

/** Packages of a lock file (version 3) under no licence that is allowed. */
export function licenceProblems(lock: { readonly packages: Readonly<Record<string, LockedPackage>> }): LicenceProblem[] {
  return Object.entries(lock.packages).flatMap(([path, { license, link, version = '' }]) => {
    if (path === '' || link === true) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = readLicences[name]?.licence ?? license ?? 'none named';
    return isAllowed(licence) ? [] : [{ name: `${name}@${version}`, licence }];
  });
}

/** An SPDX expression: of what is joined by OR one is enough, of what is joined by AND all are needed. Exceptions (WITH) are looked at by a person. */
export function isAllowed(expression: string): boolean {
  const inner = expression.trim();
  if (inner.startsWith('(') && closing(inner) === inner.length - 1) return isAllowed(inner.slice(1, -1));
  for (const [word, holds] of [[' OR ', 'some'], [' AND ', 'every']] as const) {
    const parts = outerParts(inner, word);
    if (parts.length > 1) return parts[holds](isAllowed);
  }
  return allowedLicences.has(inner);
}

function outerParts(text: string, separator: string): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0 && text.startsWith(separator, at)) {
      parts.push(text.slice(from, at));
      from = at + separator.length;
    }
  }
  return [...parts, text.slice(from)];
}

function closing(text: string): number {
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

if (isMain(import.meta.url)) {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Parameters<typeof licenceProblems>[0];
  const problems = licenceProblems(lock);
  for (const { name, licence } of problems) console.log(`${name}: ${licence}`);
  console.log(`${Object.keys(lock.packages).length - 1} packages, ${problems.length} under a licence that is not allowed (infra/checks/licences.ts)`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
