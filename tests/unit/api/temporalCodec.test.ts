import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPayloadCodec, createPayloadCrypt } from '../../../src/adapters/temporal/encryption/payloadCodec.ts';
import { createPayloadCipher } from '../../../src/adapters/temporal/encryption/payloadCipher.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { TemporalPayloads } from '../../../src/contracts/temporalPayloads.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

const options = { cipher: createPayloadCipher([{ id: 'k', key: randomBytes(32) }]), encrypts: true };
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
const plain = { metadata: { encoding: base64('json/plain') }, data: base64('{"subject":"somebody"}') };
let api: RunningApi;
let authorization: string;

beforeAll(async () => {
  api = await startApi({ payloadCrypt: createPayloadCrypt(options) });
  authorization = `Bearer ${await signToken({ tenant: 'platform', roles: ['platform-admin'] })}`;
});
afterAll(() => api.close());

async function ask(verb: string, body: unknown, token = authorization) {
  const response = await fetch(`${api.url}/v1/temporal-codec/${verb}`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: token }, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as TemporalPayloads & Problem };
}

it('decrypts what workflows of any tenant were given, in order, with what is not encrypted left as it is', async () => {
  const encoded = await createPayloadCodec(options).encode([{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"subject":"somebody"}') }], { type: 'workflow', namespace: 'default', workflowId: 'job/acme/1' });
  const sent = encoded.map(({ metadata, data }) => ({ metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])), data: base64(data ?? '') }));
  expect(await ask('decode', { payloads: [...sent, plain, {}] })).toEqual({ status: 200, body: { payloads: [plain, plain, { metadata: {}, data: '' }] } });
});

it('encrypts what is sent by hand, so that it can be decrypted', async () => {
  const { body } = await ask('encode', { payloads: [plain] });
  expect(body.payloads[0]?.metadata?.['encoding']).toBe(base64('binary/encrypted'));
  expect((await ask('decode', body)).body).toEqual({ payloads: [plain] });
});

it('says why it cannot, and serves nobody of a tenant', async () => {
  const { body } = await ask('encode', { payloads: [plain] });
  const [payload] = body.payloads;
  const changed = { ...payload, data: base64(Buffer.from(payload?.data ?? '', 'base64').map((byte, index) => (index === 40 ? byte ^ 1 : byte))) };
  expect(await ask('decode', { payloads: [changed] })).toMatchObject({ status: 422, body: { code: 'PAYLOAD_UNREADABLE' } });
  const foreign = { ...payload, metadata: { ...payload?.metadata, 'encryption-key-id': base64('gone') } };
  expect(await ask('decode', { payloads: [foreign] })).toMatchObject({ status: 503, body: { code: 'PAYLOAD_KEY_UNKNOWN' } });
  for (const wrong of [{}, { payloads: [{ data: 'no base64!' }] }, { payloads: 'x' }]) expect(await ask('decode', wrong)).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
  for (const role of ['tenant-admin', 'operator']) expect(await ask('decode', { payloads: [] }, `Bearer ${await signToken({ tenant: 'acme', roles: [role] })}`)).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
});
