import { createHash } from 'node:crypto';
import { S3Client, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAuditChain } from '../../src/contracts/auditChain.ts';
import { exportLineSchema } from '../../src/contracts/tenants.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import { take } from '../../src/cli/jsonOutput.ts';
import { createAuditLog } from '../../src/adapters/postgres/audit/auditLog.ts';
import { openDatabase } from '../../src/adapters/postgres/database.ts';
import { createTemporalClients } from '../../src/adapters/temporal/connection.ts';
import { createSourceSchedules } from '../../src/adapters/temporal/sourceSchedules.ts';
import { createTemporalSecurity } from '../../src/adapters/temporal/temporalSecurity.ts';
import { loadConfig } from '../../src/config/load.ts';
import { asSuperuser } from '../support/asSuperuser.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let platform: CatalystClient;
/** The reasons stand in forgetTenant.ts. */
const kept = ['audit_entries', 'audit_heads', 'deletions', 'index_removals', 'tenant_accounts', 'usage_entries', 'usage_sums'];
beforeAll(async () => {
  stack = await startFullStack({ CATALYST_TOKEN_VECTORS: 'off' });
  platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
}, 600_000);
afterAll(() => stack.stop(), 60_000);

async function ingest(client: CatalystClient, count: number): Promise<string> {
  const documents = Array.from({ length: count }, (_, index) => ({ id: `d${index}`, title: `Report ${index}`, text: `Report ${index} tells of the ferry of Brackwater, its harbour and its timetable.`.repeat(20) }));
  return (await client.ingest({ documents })).jobId;
}

async function refusal(client: CatalystClient): Promise<string> {
  return client.search({ query: 'ferry' }).then(() => 'served', (error: unknown) => (error as { code: string }).code);
}

describe('a tenant', () => {
  it('that is suspended is refused within a second, its jobs pause, and go on when it is resumed', async () => {
    const client = await stack.clientFor('halted');
    await client.waitForJob(await ingest(client, 2));
    expect(await refusal(client)).toBe('served');
    const running = await ingest(client, 300);
    const askedAt = performance.now();
    expect(await platform.tenants.suspend('halted', 'unpaid')).toMatchObject({ state: 'suspended', suspension: { reason: 'unpaid', by: 'tester' } });
    while ((await refusal(client)) === 'served') expect(performance.now() - askedAt).toBeLessThan(1_000);
    console.log(`refused ${Math.round(performance.now() - askedAt)} ms after the suspension was asked for`);
    expect(await refusal(client)).toBe('TENANT_SUSPENDED');
    for (const call of [() => client.getJob(running), () => client.documents.delete(running), () => ingest(client, 1), () => take(client.audit.list(), 1)]) await expect(call()).rejects.toMatchObject({ code: 'TENANT_SUSPENDED', status: 403 });
    const done = async (): Promise<string> => String((await asSuperuser(stack, `select count(*) as done from job_documents where job_id = '${running}' and state <> 'queued' and state <> 'running'`))[0]?.['done']);
    // What was in work may finish its stage.
    await sleep(3_000);
    const before = await done();
    await sleep(3_000);
    expect(await done()).toBe(before);
    expect(Number(before)).toBeLessThan(300);
    expect(await platform.tenants.suspend('halted')).toMatchObject({ suspension: { reason: 'unpaid' } });
    expect(await platform.tenants.resume('halted')).toMatchObject({ state: 'active', suspension: null });
    await expect.poll(() => refusal(client), { timeout: 1_500, interval: 20 }).toBe('served');
    expect((await client.waitForJob(running)).state).toBe('succeeded');
  }, 180_000);

  it('goes by its policy, within a second of the change', async () => {
    await platform.tenants.create({ tenant: 'limited', name: 'Limited', policy: { sources: ['text'], labels: ['legal'], retention: { uploadDays: 7 }, quotas: { documents: 10 } } });
    await expect(platform.tenants.create({ tenant: 'limited' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await sleep(1_000);
    const client = await stack.clientFor('limited', ['legal', 'board']);
    await expect(client.ingest({ documents: [{ url: 'https://example.com/' }] })).rejects.toMatchObject({ code: 'TENANT_POLICY', status: 403 });
    await expect(client.ingest({ documents: [{ id: 'a', text: 'A text.', policies: ['board'] }] })).rejects.toMatchObject({ code: 'TENANT_POLICY' });
    await expect(client.ingestSource({ definition: { type: 'website', url: 'https://example.com/' } })).rejects.toMatchObject({ code: 'TENANT_POLICY' });
    await expect(client.retention.set({ uploadDays: 8 })).rejects.toMatchObject({ code: 'TENANT_POLICY' });
    await client.retention.set({ uploadDays: 7 });
    const { jobId } = await client.ingest({ documents: [{ id: 'a', text: 'A text of the legal department.', policies: ['legal'] }] });
    expect((await client.waitForJob(jobId)).state).toBe('succeeded');
    const [document] = await take(client.documents.list(), 1);
    await expect(client.documents.setLabels([document?.id ?? ''], ['board'])).rejects.toMatchObject({ code: 'TENANT_POLICY' });
    await platform.tenants.change('limited', { policy: {} });
    await sleep(1_000);
    await client.documents.setLabels([document?.id ?? ''], ['board']);
  }, 60_000);

  it('is exported whole, whatever its labels', async () => {
    const lines = (await text(await platform.tenants.export('limited'))).trimEnd().split('\n');
    const parsed = lines.map((line) => exportLineSchema.parse(JSON.parse(line)));
    expect(parsed.map(({ type }) => type)).toEqual(['tenant', 'document', 'bytes', 'manifest']);
    const data = parsed[2]?.type === 'bytes' ? Buffer.from(parsed[2].data, 'base64') : Buffer.alloc(0);
    expect(data.toString()).toBe('A text of the legal department.');
    expect(parsed[3]).toEqual({ type: 'manifest', documents: 1, bytes: data.length, lost: [], digest: `sha256:${createHash('sha256').update(lines.slice(0, -1).map((line) => `${line}\n`).join('')).digest('hex')}` });
  }, 60_000);

  it('is deleted with all it has: nothing is left but the receipt and its audit log', async () => {
    const client = await stack.clientFor('doomed');
    await client.upload(new Blob(['an upload that nothing uses']), { fileName: 'a.txt' });
    await client.keys.create({ name: 'key', scopes: ['search:read'] });
    await client.synonyms.set({ groups: [['ferry', 'boat']], rules: [] });
    const source = await client.sources.create({ name: 'Site', definition: { type: 'website', url: 'https://example.com/' }, schedule: { cron: ['0 3 1 1 *'] } });
    expect((await client.sources.schedule(source.id)).nextRuns).not.toEqual([]);
    await client.waitForJob(await ingest(client, 20));
    const running = await ingest(client, 200);
    expect(running).toBeDefined();
    expect(await leftOf('doomed')).not.toEqual({ tables: kept, objects: 0, points: 0 });
    expect(await platform.tenants.delete('doomed')).toMatchObject({ state: 'deleting' });
    const deleted = await platform.tenants.waitUntilDeleted('doomed');
    expect(deleted.receipt).toMatchObject({ after: { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0 } });
    expect(deleted.receipt?.before.documents).toBeGreaterThanOrEqual(20);
    expect(await refusal(client)).toBe('TENANT_DELETED');
    // Whatever was in work at that moment has come to its end.
    await sleep(5_000);
    expect(await leftOf('doomed')).toEqual({ tables: kept, objects: 0, points: 0 });
    expect(await scheduleOf('doomed', source.id)).toBeUndefined();
    const database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 1 });
    const log = createAuditLog(database);
    const chain = await verifyAuditChain((async function* () { yield await log.readChain('doomed', 0, 1000); })());
    expect(chain.faults).toEqual([]);
    expect((await log.list('doomed', { operation: 'deleteTenant' }, undefined, 10)).records).toMatchObject([{ subject: 'tester', resource: '/v1/tenants/doomed', outcome: { status: 202 } }]);
    await database.close();
    await expect(platform.tenants.create({ tenant: 'doomed' })).rejects.toMatchObject({ code: 'CONFLICT' });
  }, 300_000);

  it('is listed, also where nobody created it; nobody locks themselves out', async () => {
    const tenants = await take(platform.tenants.list({ pageSize: 2 }), 100);
    expect(tenants.map(({ tenant, state, created }) => [tenant, state, created])).toEqual([['doomed', 'deleted', false], ['halted', 'active', false], ['limited', 'active', true]]);
    for (const call of [() => platform.tenants.suspend('platform'), () => platform.tenants.delete('platform')]) await expect(call()).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const call of [() => platform.tenants.get('nobody'), () => platform.tenants.suspend('nobody'), () => platform.tenants.export('nobody')]) await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect((await stack.clientFor('halted')).tenants.get('limited')).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  }, 60_000);
});

async function scheduleOf(tenant: string, sourceId: string) {
  const config = loadConfig(stack.environment);
  const clients = createTemporalClients({ ...config.temporal, ...createTemporalSecurity(config) });
  return createSourceSchedules(clients).describe(tenant, sourceId).finally(() => clients.connection.close());
}

/** What the stores hold of a tenant: tables with a row of it, all versions of all objects, points. */
async function leftOf(tenant: string): Promise<{ tables: string[]; objects: number; points: number }> {
  const columns = await asSuperuser(stack, `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'tenant' order by table_name`);
  const tables: string[] = [];
  for (const { table_name: table } of columns as { table_name: string }[]) {
    const [row] = await asSuperuser(stack, `select count(*) as rows from ${table} where tenant = '${tenant}'`);
    if (Number(row?.['rows']) > 0) tables.push(table);
  }
  const environment = stack.environment as Record<string, string>;
  const s3 = new S3Client({ endpoint: environment['S3_ENDPOINT'] ?? '', region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: environment['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: environment['S3_SECRET_ACCESS_KEY'] ?? '' } });
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: environment['S3_BUCKET'], Prefix: `tenants/${tenant}/` }));
  s3.destroy();
  const response = await fetch(`${environment['QDRANT_URL']}/collections/catalyst/points/count`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ exact: true, filter: { must: [{ key: 'tenant', match: { value: tenant } }] } }) });
  const { result } = (await response.json()) as { result: { count: number } };
  return { tables, objects: Versions.length, points: result.count };
}
