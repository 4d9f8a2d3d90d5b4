import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConsistencyRegistry } from '../../../src/adapters/postgres/consistency/consistencyRegistry.ts';
import { runCli } from '../../../src/cli/main.ts';
import type { ConsistencyAudit, Fault } from '../../../src/contracts/consistency.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';
import { capturedContext } from '../../support/capturedContext.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;
let tenant: string;
let number = 0;

beforeAll(async () => void (api = await startRegistryApi()), 600_000);
afterAll(() => api.close());
beforeEach(async () => {
  tenant = `consistency-${(number += 1)}`;
  call = await api.as(tenant, { sub: 'ada' });
  stranger = await api.as('stranger');
  api.started.length = 0;
});

const fault = (place: number, outcome: Fault['outcome']): Fault => ({ kind: 'missing-point', place: `point-${place}`, documentId: null, versionId: null, detail: 'The index has no point for chunk 3.', outcome });

/** What the worker does, without looking. */
async function carryOut(auditId: string, faults: readonly Fault[]): Promise<void> {
  const registry = createConsistencyRegistry(api.database);
  await registry.begin(tenant, auditId);
  await registry.noteFaults(tenant, auditId, faults);
  await registry.finish(tenant, auditId);
}

describe('audits of consistency', () => {
  it('are quick dry runs unless told otherwise, and are started, found and listed', async () => {
    const dry = await call<ConsistencyAudit>('POST', '/v1/consistency/audits');
    const { id } = dry.body;
    expect([dry.status, dry.headers.get('location'), dry.body]).toEqual([202, `/v1/consistency/audits/${id}`, { id, dryRun: true, deep: false, state: 'queued', subject: 'ada', createdAt: expect.any(String) as string, finishedAt: null, report: null, workflowId: `consistency/${tenant}/${id}` }]);
    const real = await call<ConsistencyAudit>('POST', '/v1/consistency/audits', { dryRun: false, deep: true });
    expect(real.body).toMatchObject({ dryRun: false, deep: true });
    expect(api.started.map((work) => [work.kind, work.id])).toEqual([['consistency', id], ['consistency', real.body.id]]);
    const first = await call<{ audits: ConsistencyAudit[]; next: string }>('GET', '/v1/consistency/audits?limit=1');
    const rest = await call<{ audits: ConsistencyAudit[]; next: null }>('GET', `/v1/consistency/audits?limit=1&cursor=${first.body.next}`);
    expect([first.body.audits[0]?.id, rest.body.audits[0]?.id, rest.body.next]).toEqual([real.body.id, id, null]);
    expect((await call<ConsistencyAudit>('GET', `/v1/consistency/audits/${id}`)).body).toEqual(dry.body);
  });

  it('of another tenant are unknown, with what they found; what is not asked for is refused', async () => {
    const { body: { id } } = await call<ConsistencyAudit>('POST', '/v1/consistency/audits');
    for (const path of [`/v1/consistency/audits/${id}`, `/v1/consistency/audits/${id}/faults`]) expect((await stranger('GET', path)).body).toMatchObject({ status: 404, detail: `There is no audit ${id}.` });
    for (const path of ['/v1/consistency/audits/x', `/v1/consistency/audits/${id}/faults?cursor=x`]) expect((await call('GET', path)).status).toBe(422);
    for (const wrong of [{ dryRun: 'no' }, { deeply: true }]) expect((await call('POST', '/v1/consistency/audits', wrong)).status).toBe(422);
  });

  it('need the scope for it', async () => {
    const curator = await api.as(tenant, { roles: ['curator'] });
    expect((await curator('POST', '/v1/consistency/audits')).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
    expect((await curator('GET', '/v1/consistency/audits')).status).toBe(403);
    const operator = await api.as(tenant, { roles: ['operator'] });
    expect((await operator('POST', '/v1/consistency/audits')).status).toBe(202);
  });

  it('tell over pages what they found, to the client and on the command line', async () => {
    const token = await signToken({ tenant, sub: 'ada' });
    const client = new CatalystClient({ url: api.url, token });
    const { id } = await client.consistency.audit({ dryRun: false });
    setTimeout(() => void carryOut(id, [fault(1, 'mended'), fault(2, 'lost'), fault(3, 'mended')]), 300);
    expect(await client.consistency.waitFor(id)).toMatchObject({ state: 'finished', report: { found: { 'missing-point': 3 }, mended: { 'missing-point': 2 } } });
    const faults: string[] = [];
    for await (const { place, outcome } of client.consistency.listFaults(id, { pageSize: 2 })) faults.push(`${place} ${outcome}`);
    expect(faults).toEqual(['point-1 mended', 'point-2 lost', 'point-3 mended']);
    const run = async (...commandLine: string[]) => {
      const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: token } });
      return { exitCode: await runCli(['consistency', ...commandLine], context), out: context.out() };
    };
    const shown = await run('get', id);
    expect(shown.exitCode).toBe(1);
    expect(shown.out).toMatch(/missing-point +3 +2\n/);
    expect(shown.out).toContain('lost missing-point point-2: The index has no point for chunk 3.');
    expect(JSON.parse((await run('get', id, '--json')).out)).toMatchObject({ id, faults: [{}, {}, {}] });
    expect((await run('list')).out).toMatch(/finished +quick +repair +3 +2\n/);
    const auditing = run('audit', '--deep');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [newest] = (await call<{ audits: ConsistencyAudit[] }>('GET', '/v1/consistency/audits')).body.audits;
    expect(newest).toMatchObject({ dryRun: true, deep: true });
    await carryOut(newest?.id ?? '', []);
    const clean = await auditing;
    expect([clean.exitCode, clean.out]).toEqual([0, expect.stringMatching(/^Audit \S+: finished, deep \(dry run: nothing was mended\)\n[^]*nothing differs\n$/)]);
  });
});
