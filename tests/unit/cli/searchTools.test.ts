import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { SuggestQuery, SuggestResponse } from '../../../src/contracts/suggest.ts';
import type { StoredSearchSettings } from '../../../src/contracts/searchSettings.ts';
import { noSynonyms } from '../../../src/contracts/synonyms.ts';
import type { Synonyms } from '../../../src/contracts/synonyms.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';

let api: RunningApi;
let folder: string;
let stored: Synonyms = noSynonyms;
let settings: StoredSearchSettings = { revision: 0 };
const asked: SuggestQuery[] = [];
const documentId = '0198c0de-0000-7000-8000-000000000000';
const answer: SuggestResponse = {
  query: 'ref', titles: [{ text: 'Refunds\u001b[31m', documentId }], headings: [{ text: 'Refund deadline', documentId, title: 'Terms' }], terms: [{ text: 'refund', term: 'refund', count: 1200, countIsExact: false }], tookMs: 2,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalyst-cli-'));
  api = await startApi({
    suggest: (_principal, query) => Promise.resolve((asked.push(query), query.q === 'zz' ? { ...answer, titles: [], headings: [], terms: [] } : answer)),
    synonyms: { read: () => Promise.resolve(stored), write: (_tenant, synonyms) => Promise.resolve(void (stored = synonyms)), remove: () => Promise.resolve(void (stored = noSynonyms)) },
    searchSettings: {
      read: () => Promise.resolve(settings),
      write: (_tenant, { revision = settings.revision, ...update }) =>
        revision === settings.revision ? Promise.resolve((settings = { ...update, revision: revision + 1 })) : Promise.reject(new CatalystError('CONFLICT', 'Somebody was first.')),
      remove: () => Promise.resolve((settings = { revision: settings.revision + 1 })),
    },
  });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

async function catalyst(...commandLine: string[]): Promise<{ exitCode: number; out: string; error: string }> {
  const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: api.token }, workingDirectory: folder });
  const exitCode = await runCli(commandLine, context);
  return { exitCode, out: context.out(), error: context.error() };
}

describe('catalyst suggest', () => {
  it('prints what each suggestion is, and JSON', async () => {
    expect(await catalyst('suggest', 'my', 'ref', '--limit', '3', '--kind', 'titles', 'terms')).toMatchObject({ exitCode: 0, out: `title    Refunds[31m  ${documentId}\nheading  Refund deadline  (Terms)\nword     refund  1,200+\n` });
    expect(asked.at(-1)).toEqual({ q: 'my ref', limit: 3, kinds: ['titles', 'terms'] });
    expect(JSON.parse((await catalyst('suggest', 'ref', '--json')).out)).toEqual(answer);
    expect((await catalyst('suggest', 'zz')).out).toBe('Nothing begins so.\n');
    expect((await catalyst('suggest', 'x')).exitCode).not.toBe(0);
  });
});

describe('catalyst synonyms', () => {
  it('shows, adds, replaces and clears', async () => {
    expect((await catalyst('synonyms')).out).toBe('There are no synonyms.\n');
    expect((await catalyst('synonyms', '--group', 'car = automobile', '--rule', 'NSAID => ibuprofen, naproxen')).out).toBe('car = automobile\nNSAID => ibuprofen, naproxen\n');
    expect((await catalyst('synonyms', '--group', 'a1 = b1')).out).toContain('car = automobile\na1 = b1\n');
    await writeFile(join(folder, 'synonyms.json'), JSON.stringify({ groups: [['x1', 'y1']] }));
    expect((await catalyst('synonyms', '--file', 'synonyms.json', '--json')).out).toBe(`${JSON.stringify({ groups: [['x1', 'y1']], rules: [] }, null, 2)}\n`);
    expect((await catalyst('synonyms', '--clear', '--group', 'p = q')).out).toBe('p = q\n');
    expect((await catalyst('synonyms', '--clear')).out).toBe('There are no synonyms.\n');
    expect(stored).toEqual(noSynonyms);
  });

  it('says what is wrong before anything is sent', async () => {
    await writeFile(join(folder, 'wrong.json'), '{"groups": [["alone"]]}');
    for (const [commandLine, reason] of [[['--group', 'alone'], /car = automobile/], [['--rule', 'a => '], /NSAID/], [['--file', 'missing.json'], /cannot be read/], [['--file', 'wrong.json'], /does not hold synonyms: groups\/0/], [['--file', 'wrong.json', '--clear'], /goes without/]] as const) {
      const { exitCode, error } = await catalyst('synonyms', ...commandLine);
      expect([exitCode, reason.test(error)], error).toEqual([2, true]);
    }
  });
});

describe('catalyst search-settings', () => {
  it('shows, adds, replaces and clears', async () => {
    expect((await catalyst('search-settings')).out).toBe('There are no search settings.\n');
    expect((await catalyst('search-settings', '--term-weight', 'NSAID=2', '--term-weight', 'E11.9=0.5')).out).toBe('term NSAID: 2\nterm E11.9: 0.5\nrevision 1\n');
    expect((await catalyst('search-settings', '--term-weight', 'a=b=0')).out).toContain('term NSAID: 2\nterm E11.9: 0.5\nterm a=b: 0\n');
    const boosts = { titleMatch: 0.3, tiers: { table: -0.1 }, recency: { weight: 0.2, halfLifeDays: 180, field: 'published' }, sources: [{ prefix: 'https://a.example/', weight: 0.2 }], documents: { [documentId]: 0.1 } };
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ boosts }));
    expect((await catalyst('search-settings', '--file', 'settings.json')).out).toBe(
      ['boost of title matches: 0.3', 'boost of tier table: -0.1', 'boost of recency by "published": 0.2, half of it after 180 days', 'boost of https://a.example/: 0.2', 'boost of single documents: 1', 'revision 3', ''].join('\n'),
    );
    const { out } = await catalyst('search-settings', '--json');
    expect(JSON.parse(out)).toEqual({ boosts, revision: 3 });
    await writeFile(join(folder, 'printed.json'), out);
    expect((await catalyst('search-settings', '--file', 'printed.json')).out).toContain('revision 4\n');
    const late = await catalyst('search-settings', '--file', 'printed.json');
    expect([late.exitCode, late.error.startsWith('Somebody was first (CONFLICT)')]).toEqual([1, true]);
    expect((await catalyst('search-settings', '--clear', '--term-weight', 'NSAID=4')).out).toBe('term NSAID: 4\nrevision 5\n');
    expect((await catalyst('search-settings', '--token-vectors', 'off')).out).toBe('term NSAID: 4\ntoken vectors: off\nrevision 6\n');
    expect((await catalyst('search-settings', '--term-weight', 'a=2')).out).toContain('token vectors: off\n');
    expect((await catalyst('search-settings', '--clear', '--token-vectors', 'on')).out).toBe('token vectors: on\nrevision 8\n');
    expect((await catalyst('search-settings', '--clear')).out).toBe('There are no search settings.\n');
    await writeFile(join(folder, 'boosts.json'), JSON.stringify({ titleMatch: 0.4 }));
    expect((await catalyst('search-settings', '--boosts', 'boosts.json', '--rerank', 'none', '--term-weight', 'a=2')).out).toMatch(/^boost of title matches: 0\.4\nrerank: none\nterm a: 2\n/);
    await writeFile(join(folder, 'boosts.json'), JSON.stringify({ tiers: { title: 0.1 } }));
    expect((await catalyst('search-settings', '--boosts', 'boosts.json')).out).toMatch(/^boost of tier title: 0\.1\nrerank: none\nterm a: 2\n/);
  });

  it('says what is wrong before anything is sent', async () => {
    await writeFile(join(folder, 'wrong.json'), '{"boosts": {"titleMatch": 2}}');
    for (const [commandLine, reason] of [[['--term-weight', 'NSAID'], /NSAID=2/], [['--term-weight', 'NSAID=5'], /up to 4/], [['--term-weight', 'two words=1'], /NSAID=2/], [['--token-vectors', 'yes'], /on, off/], [['--rerank', 'best'], /none, built-in, model/], [['--boosts', 'wrong.json'], /does not hold boosts/], [['--file', 'missing.json'], /cannot be read/], [['--file', 'wrong.json'], /does not hold search settings: boosts\/titleMatch/], [['--file', 'wrong.json', '--clear'], /goes without/]] as const) {
      const { exitCode, error } = await catalyst('search-settings', ...commandLine);
      expect([exitCode, reason.test(error)], error).toEqual([2, true]);
    }
  });
});
