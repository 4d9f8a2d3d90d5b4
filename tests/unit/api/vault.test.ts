import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../../src/adapters/postgres/vault/vault.ts';
import type { AuditPage } from '../../../src/contracts/audit.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { RevealResponse } from '../../../src/contracts/vault.ts';
import type { Vault } from '../../../src/ports/vault.ts';
import { publishDocument } from '../../support/api/publishDocument.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';
import { acceptJob } from '../../support/registryJobs.ts';

const path = '/v1/vault/reveal';
const admin = { roles: ['tenant-admin'] };
const keys = { keys: [{ id: 'k', key: randomBytes(32) }], nameKey: randomBytes(32) };
let api: RegistryApi;
let vault: Vault;
beforeAll(async () => {
  api = await startRegistryApi((database) => ({ vault: (vault = createVault(database, keys)!) }));
}, 600_000);
afterAll(() => api.close());

/** A document whose marks name an entry. */
async function hidden(tenant: string, key: string, value: string, policies: readonly string[] = []): Promise<string> {
  const name = vault.namesOf(tenant).nameOf('email', value);
  const jobId = await acceptJob(api.database, tenant, 1, { keyOf: () => key });
  await api.jobs.markJobRunning(tenant, jobId);
  const { documentId } = (await api.jobs.loadTasks(tenant, jobId, [0]))[0]!.specification;
  await vault.keep(tenant, jobId, [{ documentId, versionId: newIdentifier(), sequence: 1, values: [{ name, kind: 'email', value }] }]);
  await publishDocument(api, tenant, key, 'text', { policies });
  return name;
}

describe('POST /v1/vault/reveal', () => {
  it('brings back what the caller may see, and answers all else alike', async () => {
    const [own, labelled, foreign] = [await hidden('acme', 'a', 'jane@example.org'), await hidden('acme', 'b', 'joe@example.org', ['board']), await hidden('other', 'a', 'eve@example.org')];
    const unknown = 'aaaaaaaaaaaaaaaa';
    const names = [foreign, own, unknown, labelled, own];
    const without = await (await api.as('acme', admin))<RevealResponse>('POST', path, { names });
    expect(without).toMatchObject({ status: 200, body: { entries: [{ name: own, kind: 'email', value: 'jane@example.org' }], missing: [foreign, unknown, labelled] } });
    expect(without.headers.get('cache-control')).toContain('no-store');
    const holder = await api.as('acme', { ...admin, policies: ['board'] });
    expect((await holder<RevealResponse>('POST', path, { names: [labelled] })).body).toEqual({ entries: [{ name: labelled, kind: 'email', value: 'joe@example.org' }], missing: [] });
  });

  it('needs a scope that no lower role has', async () => {
    const names = ['aaaaaaaaaaaaaaaa'];
    for (const role of ['reader', 'contributor', 'curator', 'operator']) {
      expect(await (await api.as('acme', { roles: [role] }))('POST', path, { names }), role).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
    }
    expect((await (await api.as('acme', admin))('POST', path, { names })).status).toBe(200);
  });

  it('is told in the audit log by names, never by values', async () => {
    const name = await hidden('told', 'a', 'jane@example.org');
    const call = await api.as('told', { ...admin, sub: 'ada' });
    await call('POST', path, { names: [name, 'aaaaaaaaaaaaaaaa'] });
    await expect.poll(async () => (await call<AuditPage>('GET', '/v1/audit')).body.records[0]?.outcome?.status).toBe(200);
    const answer = await call<AuditPage>('GET', '/v1/audit?operation=revealPersonalData');
    expect(answer.body.records).toMatchObject([{ subject: 'ada', resource: path, names: [name, 'aaaaaaaaaaaaaaaa'] }]);
    expect(JSON.stringify(answer.body)).not.toContain('jane@');
    expect(JSON.stringify(api.events)).not.toContain('jane@');
  });

  it('takes up to a hundred names of their form', async () => {
    const call = await api.as('acme', admin);
    for (const names of [[], ['short'], ['AAAAAAAAAAAAAAAA'], Array.from({ length: 101 }, () => 'aaaaaaaaaaaaaaaa')]) expect(await call('POST', path, { names })).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
  });
});

describe('without keys', () => {
  it('there is no vault, and no setting that asks for it', async () => {
    const bare = await startRegistryApi();
    try {
      const call = await bare.as('acme', admin);
      expect(await call('POST', path, { names: ['aaaaaaaaaaaaaaaa'] })).toMatchObject({ status: 409, body: { code: 'VAULT_OFF' } });
      expect(await call('PUT', '/v1/search/settings', { redact: ['email'], reversible: true })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reversible' }] } });
      expect((await call('PUT', '/v1/search/settings', { redact: ['email'], reversible: false })).status).toBe(200);
    } finally {
      await bare.close();
    }
  });
});
