import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isGrave, readAudit } from '../../../../infra/checks/dependencies.ts';
import { isAllowed, licenceProblems } from '../../../../infra/checks/licences.ts';
import { pythonComponents } from '../../../../infra/checks/localComponents.ts';
import { billOfMaterials } from '../../../../infra/checks/sbom.ts';
import { secretsIn } from '../../../../infra/checks/secretPatterns.ts';
import { scanHistory } from '../../../../infra/checks/secrets.ts';

const project = fileURLToPath(new URL('../../../../', import.meta.url));
const lockOf = async () => JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as Parameters<typeof licenceProblems>[0];

describe('licences', () => {
  it('of all packages of the lock file are allowed', async () => {
    expect(licenceProblems(await lockOf())).toEqual([]);
  });

  it.each([
    ['MIT', true], ['GPL-3.0-or-later', false], ['(MIT OR GPL-3.0-or-later)', true], ['(MIT AND GPL-3.0-only)', false], ['Apache-2.0 AND MIT', true], ['(MIT OR CC0-1.0) AND ISC', true],
    ['MIT AND (GPL-2.0-only OR AGPL-3.0-only)', false], ['SEE LICENSE IN LICENSE.md', false], ['UNLICENSED', false], ['', false],
  ])('%s: %s', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });

  it('that are not allowed, or not named, are found wherever the package lies', () => {
    const packages = { '': {}, 'node_modules/a': { version: '1.0.0', license: 'MIT' }, 'node_modules/a/node_modules/@b/c': { version: '2.0.0', license: 'AGPL-3.0-only' }, 'node_modules/d': { version: '3.0.0' } };
    expect(licenceProblems({ packages })).toEqual([{ name: '@b/c@2.0.0', licence: 'AGPL-3.0-only' }, { name: 'd@3.0.0', licence: 'none named' }]);
  });
});

/** Put together here, so that the scan of this repository does not find them. */
const planted: [name: string, secret: string][] = [
  ['private key', `${'-----BEGIN'} RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn`],
  ['API key of this product', ['catalyst', 'k3v9q2m7x4ab', 'q'.repeat(43)].join('_')],
  ['JWT', `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJ${'zdWIiOiIxMjM0NTY3ODkwIn0'}.${'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'}`],
  ['AWS access key', `AKIA${'IOSFODNN7EXAMPLE'}`],
  ['GitHub token', `ghp_${'a1B2'.repeat(9)}`],
  ['npm token', `npm_${'a1B2'.repeat(9)}`],
  ['Firecrawl key', `fc-${'0a'.repeat(16)}`],
  ['OpenAI or Anthropic key', `sk-${'proj-'}${'a1B2'.repeat(10)}`],
  ['password in an address', `postgres://${'catalyst'}:${'s3cr3t-w0rd'}@db.example.com`],
  ['assigned secret', `SESSION_${'SECRET'}="${'aB3'.repeat(12)}"`],
];

describe('secrets', () => {
  it.each(planted)('%s', (name, secret) => {
    expect(secretsIn(`const x = '${secret}';`).map(({ pattern }) => pattern)).toContain(name);
  });

  it('are not seen in what only looks a little like one', () => {
    for (const text of ['sha256:6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4', 'postgres://USER:PASSWORD@HOST', 'https://user@example.com', 'const secret = newSecretOfTheConfiguration', 'CATALYST_AUTH_SECRET=', 'sk-short']) expect(secretsIn(text)).toEqual([]);
  });

  it('are found in a commit that another has taken back, and never shown', async () => {
    const repository = await mkdtemp(join(tmpdir(), 'catalyst-secrets-'));
    const git = (...args: string[]) => execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { stdio: 'ignore' });
    try {
      git('init');
      for (const text of [`{"key": "${planted[3]?.[1] ?? ''}"}`, '{}']) {
        await writeFile(join(repository, 'settings.json'), `${text}\n`);
        git('add', '.');
        git('commit', '-m', 'settings');
      }
      expect(await scanHistory(repository)).toEqual([expect.objectContaining({ pattern: 'AWS access key', file: 'settings.json' })]);
    } finally {
      await rm(repository, { recursive: true, force: true });
    }
  });

  it.skipIf(!existsSync(join(project, '.git')))('are in no file of this repository, and never were', async () => {
    expect((await scanHistory(project)).map(({ pattern, file, commit, fingerprint }) => ({ pattern, file, commit, fingerprint }))).toEqual([]);
  }, 120_000);
});

describe('known weaknesses', () => {
  const weakness = (severity: string) => ({ name: 'left', severity, via: [{ title: 'Prototype pollution', url: 'https://github.com/advisories/GHSA-x', severity, range: '<2' }, 'right'], fixAvailable: { name: 'left', version: '2.0.0' } });

  it('are read from the answer of the registry', () => {
    const found = readAudit(JSON.stringify({ auditReportVersion: 2, vulnerabilities: { left: weakness('high'), right: { ...weakness('low'), name: 'right', via: ['left'], fixAvailable: false } } }));
    expect(found).toEqual([{ name: 'left', severity: 'high', title: 'Prototype pollution', url: 'https://github.com/advisories/GHSA-x', mend: 'left@2.0.0' }]);
    expect(found?.some(isGrave)).toBe(true);
    expect(readAudit(JSON.stringify({ vulnerabilities: { left: weakness('moderate') } }))?.some(isGrave)).toBe(false);
  });

  it('of a registry that does not answer are unknown, and not none', () => {
    expect(readAudit(JSON.stringify({ message: '405 Method Not Allowed', error: { summary: '', detail: '' } }))).toBeUndefined();
    expect(readAudit('')).toBeUndefined();
    expect(readAudit(JSON.stringify({ vulnerabilities: {} }))).toEqual([]);
  });
});

describe('the bill of materials', () => {
  it('names every package of the lock file and what the local stack brings', async () => {
    const { bomFormat, specVersion, components } = await billOfMaterials(project);
    expect([bomFormat, Number(specVersion) >= 1.5]).toEqual(['CycloneDX', true]);
    const named = new Set(components.map(({ name, version }) => `${name}@${version ?? ''}`));
    const locked = Object.entries((await lockOf()).packages).flatMap(([path, { version }]) => (path === '' ? [] : [`${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version ?? ''}`]));
    expect(locked.filter((name) => !named.has(name))).toEqual([]);
    for (const name of ['temporal', 'versitygw', 'qdrant-edge-py', 'schemathesis', 'bge-small-en-v1.5-q/model.onnx']) expect(components.map((component) => component.name)).toContain(name);
    expect(new Set(components.map((component) => component['bom-ref'])).size).toBe(components.length);
  }, 60_000);

  it('refuses a requirement without a version', () => {
    expect(pythonComponents('a==1.2 # why\n\nB==2; sys_platform != "win32"\n').map(({ purl }) => purl)).toEqual(['pkg:pypi/a@1.2', 'pkg:pypi/b@2']);
    expect(() => pythonComponents('a>=1')).toThrow(/pins no version/);
  });
});
