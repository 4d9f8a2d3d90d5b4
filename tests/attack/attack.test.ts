import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { attackAll, attackEnvironment, prepare } from './attackSuite.ts';
import type { AttackReport, Battlefield } from './attackSuite.ts';
import { attackIdentifiers, gapsOf } from './identifierAttack.ts';
import type { Side } from './identifierAttack.ts';
import { attackLabels } from './labelAttack.ts';
import { attackLinks } from './linkAttack.ts';
import { mutations } from './mutation/mutations.ts';
import type { Mutation } from './mutation/mutations.ts';
import { startMutatedApi } from './mutation/mutatedApi.ts';
import { attackAsPlatform } from './platformAttack.ts';
import { attackFilters } from './searchEscapes.ts';
import { attackCaches } from './searchTwins.ts';
import { createSession } from './session.ts';
import type { Finding, Session } from './session.ts';

let stack: FullStack;
let battlefield: Battlefield;
let report: AttackReport;
beforeAll(async () => {
  stack = await startFullStack(attackEnvironment);
  battlefield = await prepare({ url: stack.apiUrl, tokenFor: (tenant, claims) => stack.tokenFor(tenant, claims) });
  report = await attackAll(stack.apiUrl, battlefield, (line) => console.log(line));
}, 900_000);
afterAll(async () => {
  await (stack as FullStack | undefined)?.stop();
}, 60_000);

describe('a second tenant', () => {
  it('is tried on every route and every id-like field of the OpenAPI document', () => {
    expect(report.gaps).toEqual([]);
    expect(report.routes).toBe(battlefield.operations.length);
    expect(report.routes).toBeGreaterThan(60);
    expect(report.attempts).toBeGreaterThan(2_000);
    for (const kind of ['links', 'cache', 'statistics', 'filters', 'words', 'strangers', 'pretence', 'platform', 'identifiers', 'reserved']) expect(report.byAttack[kind], kind).toBeGreaterThan(0);
  });

  it('learns and changes nothing of the first', () => {
    expect(report.findings).toEqual([]);
    expect(report.leaks).toBe(0);
  });

  it('gets no answer of 500 and above', () => {
    expect(report.failures).toEqual([]);
  });

  it('was up against ids that are real: their owner is answered otherwise than for missing ones', () => {
    const expected = ['job', 'restingJob', 'failedJob', 'source', 'document', 'labelledDocument', 'deletedDocument', 'version', 'upload', 'deletion', 'sweep', 'consistencyAudit', 'key', 'name in the vault', 'artifact, plain', 'search cursor', 'entity tag', 'location', 'beginning of a value'];
    expect(expected.filter((name) => !report.confirmed.includes(name))).toEqual([]);
  });
});

interface MutatedRun {
  readonly url: string;
  readonly session: Session;
  readonly victim: Side;
  readonly attacker: Side;
  readonly withoutLabel: Side['call'];
}

async function leaksWith(mutation: Mutation, attack: (run: MutatedRun) => Promise<void>): Promise<readonly Finding[]> {
  const api = await startMutatedApi(stack.environment, mutation);
  try {
    const session = createSession(battlefield.tripwires);
    await attack({ url: api.url, session, ...battlefield.sides(api.url) });
    return session.leaks;
  } finally {
    await api.stop();
  }
}

describe('the suite can fail', () => {
  it('finds a filter builder without the tenant', async () => {
    const leaks = await leaksWith(mutations.filterWithoutTenant, attackFilters);
    expect(new Set(leaks.map(({ route }) => route))).toEqual(new Set(['POST /v1/search', 'POST /v1/search/debug', 'POST /v1/search/batch', 'POST /v1/search/similar', 'GET /v1/suggest']));
  }, 120_000);

  it('finds a link that opens what stands beside an artifact', async () => {
    const leaks = await leaksWith(mutations.linkWithoutRange, (run) => attackLinks({ ...run, secret: battlefield.tripwires.word('boardtext') }));
    expect(leaks.map(({ attack }) => attack)).toContain('links: text without the range');
  }, 120_000);

  it('finds caches without tenant, and without labels', async () => {
    expect(await leaksWith(mutations.cacheWithoutTenant, attackCaches)).not.toEqual([]);
    const ofLabels = await leaksWith(mutations.cacheWithoutLabels, ({ session, victim, withoutLabel }) => attackLabels({ session, holder: victim, other: withoutLabel, secret: battlefield.tripwires.word('boardtext') }));
    expect(ofLabels.map(({ attack }) => attack)).toContain('labels: read without the label');
  }, 120_000);

  it('finds registries that are asked for another tenant, on every route that reads by an id', async () => {
    const leaks = await leaksWith(mutations.everybodyIsTheVictim, (run) => attackIdentifiers(battlefield.operations, { ...run, confirmed: new Set(), readsAlone: true }));
    const routes = new Set(leaks.map(({ route }) => route));
    for (const { method, path } of battlefield.operations) if (method === 'GET' && path.includes('{') && !path.startsWith('/v1/tenants/') && !path.startsWith('/v1/backups/')) expect(routes).toContain(`${method} ${path}`);
  }, 180_000);

  it('finds scopes of the platform that count for every tenant', async () => {
    const { pretenders, operations } = battlefield;
    const leaks = await leaksWith(mutations.platformOfEverybody, (run) => attackAsPlatform(operations, { ...run, pretenders, readsAlone: true }));
    expect(new Set(leaks.map(({ route }) => route))).toEqual(new Set(['GET /v1/backups', 'GET /v1/backups/runs/{runId}', 'GET /v1/backups/{backupId}', 'GET /v1/backups/{backupId}/deletions', 'GET /v1/index', 'GET /v1/restores', 'GET /v1/schedules', 'GET /v1/tenants', 'GET /v1/tenants/{tenant}', 'GET /v1/tenants/{tenant}/export', 'POST /v1/keys']));
  }, 120_000);

  it('finds a refusal that tells a foreign id from a missing one', async () => {
    const sources = battlefield.operations.filter(({ path }) => path.startsWith('/v1/sources/'));
    const leaks = await leaksWith(mutations.tellingRefusal, (run) => attackIdentifiers(sources, { ...run, confirmed: new Set() }));
    expect(leaks).not.toEqual([]);
    expect(leaks.every(({ what }) => what.includes('differs'))).toBe(true);
  }, 120_000);

  it('finds a route and a field without an attack', () => {
    expect(gapsOf([...battlefield.operations, { id: 'newRoute', method: 'GET', path: '/v1/new', fields: [] }])).toEqual([expect.stringContaining('newRoute')]);
    const [first, ...others] = battlefield.operations;
    expect(gapsOf([{ ...(first ?? { id: '', method: '', path: '' }), fields: [...(first?.fields ?? []), 'body/newId'] }, ...others])).toEqual([expect.stringContaining('body/newId')]);
  });
});
