import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codecDoorUrl } from '../../infra/local/codecDoor.ts';
import type { TemporalPayloads } from '../../src/contracts/temporalPayloads.ts';
import { jobWorkflowId } from '../../src/workflows/names.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

const tenant = 'secretive';
const walled = 'walled';
/** As the local stack names the tenant of its operators. */
const platform = 'platform';
const secondKey = `second:${randomBytes(32).toString('base64')}`;
let stack: FullStack;
let connection: Connection;
/** Forbids to be read, so that a document fails with a message that names its address. */
const site = createServer((_request, response) => void response.setHeader('content-type', 'text/plain').end('User-agent: *\nDisallow: /\n'));
let address: string;

beforeAll(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/plans/of-next-year.html`;
  stack = await startFullStack({ CATALYST_PAYLOAD_ENCRYPTION: 'on', CATALYST_TEMPORAL_NAMESPACES: `${walled}:walled-space`, CATALYST_PAYLOAD_KEYS: secondKey });
  connection = await Connection.connect({ address: stack.environment['TEMPORAL_ADDRESS'] ?? '' });
}, 600_000);
afterAll(async () => {
  site.close();
  await connection.close();
  await stack.stop();
}, 60_000);

/** What Temporal has stored of a workflow, without the means to read it. */
async function historyOf(workflowId: string, namespace = 'default') {
  return new Client({ connection, namespace }).workflow.getHandle(workflowId).fetchHistory();
}

async function ask(url: string, headers: Readonly<Record<string, string>>, body: TemporalPayloads) {
  const response = await fetch(`${url}/decode`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers }, body: JSON.stringify(body) });
  return { status: response.status, origin: response.headers.get('access-control-allow-origin'), body: (await response.json().catch(() => ({}))) as Partial<TemporalPayloads> & { readonly code?: string } };
}

it('runs a job to its end, of whose histories only the codec reads subject and address, for those alone who may ask it', async () => {
  const client = await stack.clientFor(tenant);
  const { jobId } = await client.ingest({ documents: [{ text: 'The lighthouse of Brackwater was lit in 1851.' }, { url: address }] });
  expect((await client.waitForJob(jobId)).state).toBe('partial');
  const histories = [await historyOf(jobWorkflowId(tenant, jobId))];
  for await (const { workflowId } of new Client({ connection }).workflow.list({ query: `CatalystTenant = "${tenant}"` })) histories.push(await historyOf(workflowId));
  expect(histories.length).toBeGreaterThan(2);
  const stored = Buffer.concat(histories.map((history) => Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish())));
  expect([stored.includes('tester'), stored.includes(address), stored.includes('of-next-year'), stored.includes('eyJ')]).toEqual([false, false, false, false]);

  const payloads = histories.flatMap(({ events }) => events ?? []).flatMap((event) => [
    ...(event.workflowExecutionStartedEventAttributes?.input?.payloads ?? []),
    ...(event.workflowExecutionFailedEventAttributes?.failure?.encodedAttributes == null ? [] : [event.workflowExecutionFailedEventAttributes.failure.encodedAttributes]),
  ]);
  const body = { payloads: payloads.map(({ metadata, data }) => ({ metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')])), data: Buffer.from(data ?? []).toString('base64') })) };
  const codec = `${stack.apiUrl}/v1/temporal-codec`;
  const bearer = async (role: string, of = tenant) => ({ authorization: `Bearer ${await stack.tokenFor(of, { roles: [role] })}` });
  expect((await ask(codec, {}, body)).status).toBe(401);
  expect((await ask(codec, await bearer('tenant-admin'), body)).body.code).toBe('SCOPE_MISSING');
  expect((await ask(codec, await bearer('platform-admin'), body)).body.code).toBe('SCOPE_MISSING');
  const read = await ask(codec, await bearer('platform-admin', platform), body);
  const texts = (answer: Partial<TemporalPayloads>) => (answer.payloads ?? []).map(({ data = '' }) => Buffer.from(data, 'base64').toString()).join('\n');
  expect([read.status, texts(read.body).includes('"subject":"tester"'), texts(read.body).includes(address)]).toEqual([200, true, true]);

  const door = codecDoorUrl(stack.settings);
  const webUi = `http://127.0.0.1:${stack.settings.ports.temporalUi}`;
  expect((await ask(door, { origin: 'http://elsewhere.example' }, body)).status).toBe(403);
  const shown = await ask(door, { origin: webUi }, body);
  expect([shown.status, shown.origin, texts(shown.body)]).toEqual([200, webUi, texts(read.body)]);
  const settings = (await (await fetch(`${webUi}/api/v1/settings`)).json()) as { readonly Codec?: { readonly Endpoint?: string } };
  expect(settings.Codec?.Endpoint).toBe(door);

  const audit = await stack.clientFor(platform);
  await expect.poll(async () => { const operations: string[] = []; for await (const entry of audit.audit.list()) operations.push(`${entry.operation} ${entry.subject} ${entry.outcome?.status ?? ''}`); return operations; }).toContain('decodeTemporalPayloads tester 200');
}, 120_000);

it('runs the work of a tenant with a namespace of its own there, schedules included', async () => {
  const client = await stack.clientFor(walled);
  const { jobId } = await client.ingest({ documents: [{ text: 'Nobody else works here.' }] });
  expect((await client.waitForJob(jobId)).state).toBe('succeeded');
  expect((await historyOf(jobWorkflowId(walled, jobId), 'walled-space')).events?.length).toBeGreaterThan(5);
  await expect(historyOf(jobWorkflowId(walled, jobId))).rejects.toThrow();
  const names = async (namespace: string) => { const found: string[] = []; for await (const { scheduleId } of new Client({ connection, namespace }).schedule.list()) found.push(scheduleId); return found; };
  await expect.poll(() => names('walled-space')).toContain('catalyst/sweep');
}, 120_000);
