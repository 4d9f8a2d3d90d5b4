import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, UnsecuredJWT, exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeApiKey } from '../../../src/api/authentication/apiKeySecret.ts';
import { createAuthenticator } from '../../../src/api/authentication/createAuthenticator.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { secret, signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

const expectations = { issuer: 'https://issuer.test', audience: 'catalyst', clockSkewSeconds: 5 };
const nowSeconds = () => Math.floor(Date.now() / 1000);

async function refusalOf(promise: Promise<unknown>): Promise<CatalystError> {
  const error = await promise.then(() => undefined, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CatalystError);
  return error as CatalystError;
}

describe('a token of a shared secret', () => {
  const authenticator = createAuthenticator({ secret, ...expectations });
  const authenticate = (token: string) => authenticator.authenticate(`Bearer ${token}`);

  it('names the principal', async () => {
    await expect(authenticate(await signToken({ roles: ['reader'], policies: ['finance'] }))).resolves.toEqual({ tenant: 'acme', subject: 'tester', roles: ['reader'], scopes: ['search:read', 'documents:read'], policies: ['finance'] });
    await expect(authenticator.authenticate(`bearer ${await signToken({ roles: undefined })}`)).resolves.toMatchObject({ roles: [], scopes: [], policies: [] });
  });

  it('may be off by the clock skew, and no more', async () => {
    await expect(authenticate(await signToken({}, { expires: '-2s' }))).resolves.toMatchObject({ tenant: 'acme' });
    await expect(authenticate(await signToken({ nbf: nowSeconds() + 2 }))).resolves.toMatchObject({ tenant: 'acme' });
    expect((await refusalOf(authenticate(await signToken({}, { expires: '-10s' })))).message).toContain('expired');
    expect((await refusalOf(authenticate(await signToken({ nbf: nowSeconds() + 60 })))).message).toContain('nbf');
  });

  it.each([
    ['another issuer', () => signToken({ iss: 'https://other.test' }), 'iss'],
    ['another audience', () => signToken({ aud: 'other' }), 'aud'],
    ['another key', () => signToken({}, { key: 'another secret of at least 32 bytes, truly' }), 'signature'],
    ['no tenant', () => signToken({ tenant: undefined }), 'tenant'],
    ['a malformed tenant', () => signToken({ tenant: 'Acme/../x' }), 'tenant'],
    ['roles that are no list', () => signToken({ roles: 'admin' }), 'roles'],
    ['no subject', () => signToken({ sub: undefined }), 'sub'],
    ['another algorithm', () => signToken({}, { algorithm: 'HS512', key: secret.repeat(2) }), 'algorithm'],
    ['no signature', () => Promise.resolve(new UnsecuredJWT({ tenant: 'acme', sub: 'x', iss: expectations.issuer, aud: 'catalyst', exp: nowSeconds() + 60 }).encode()), 'algorithm'],
    ['no form', () => Promise.resolve('not.a.token'), 'JWT'],
  ])('is refused with %s', async (_what, make, word) => {
    const error = await refusalOf(authenticate(await make()));
    expect(error.code).toBe('UNAUTHENTICATED');
    expect(error.message).toContain(word);
  });

  it('is refused without an expiry', async () => {
    const token = await new SignJWT({ tenant: 'acme', sub: 'x', iss: expectations.issuer, aud: 'catalyst' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
    expect((await refusalOf(authenticate(token))).message).toContain('exp');
  });

  it.each([undefined, '', 'Basic abc', 'Bearer', 'Bearer a b', `Bearer ${'\u00e9'}`])('is missing from the header %j', async (header) => {
    expect((await refusalOf(authenticator.authenticate(header))).code).toBe('UNAUTHENTICATED');
  });

  it('needs a configuration of exactly one kind, and a secret of 32 bytes', () => {
    expect(() => createAuthenticator({ ...expectations })).toThrow(CatalystError);
    expect(() => createAuthenticator({ ...expectations, secret, jwksUrl: 'https://issuer.test/jwks' })).toThrow(CatalystError);
    expect(() => createAuthenticator({ ...expectations, secret: 'short' })).toThrow(/32/);
  });
});

describe('a token of a published key', () => {
  let keyServer: Server;
  let jwksUrl: string;
  let requests = 0;
  let answer: { status: number; body: string };

  beforeAll(async () => {
    keyServer = createServer((_request, response) => {
      requests += 1;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
    jwksUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => {
    keyServer.close();
  });

  async function issue(algorithm: string, keyId?: string) {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) };
    const token = await new SignJWT({ tenant: 'acme', sub: 'x', iss: expectations.issuer, aud: 'catalyst', exp: nowSeconds() + 60 })
      .setProtectedHeader({ alg: algorithm, ...(keyId === undefined ? {} : { kid: keyId }) })
      .sign(pair.privateKey);
    return { token, jwk, pair };
  }

  it.each(['RS256', 'ES256', 'EdDSA'])('is accepted with %s, and the keys are read once', async (algorithm) => {
    const { token, jwk } = await issue(algorithm, 'one');
    answer = { status: 200, body: JSON.stringify({ keys: [jwk] }) };
    requests = 0;
    const authenticator = createAuthenticator({ jwksUrl, ...expectations });
    for (let times = 0; times < 5; times += 1) await expect(authenticator.authenticate(`Bearer ${token}`)).resolves.toMatchObject({ tenant: 'acme' });
    expect(requests).toBe(1);
  });

  it('is accepted without key id where several keys might fit', async () => {
    const [first, second] = [await issue('RS256'), await issue('RS256')];
    answer = { status: 200, body: JSON.stringify({ keys: [first.jwk, second.jwk] }) };
    const authenticator = createAuthenticator({ jwksUrl, ...expectations });
    await expect(authenticator.authenticate(`Bearer ${second.token}`)).resolves.toMatchObject({ tenant: 'acme' });
    const stranger = await issue('RS256');
    expect((await refusalOf(authenticator.authenticate(`Bearer ${stranger.token}`))).code).toBe('UNAUTHENTICATED');
  });

  it('is refused when signed with the public key as a shared secret', async () => {
    const { jwk, pair } = await issue('RS256', 'one');
    answer = { status: 200, body: JSON.stringify({ keys: [jwk] }) };
    const authenticator = createAuthenticator({ jwksUrl, ...expectations });
    const forged = await signToken({}, { key: await exportSPKI(pair.publicKey) });
    expect((await refusalOf(authenticator.authenticate(`Bearer ${forged}`))).code).toBe('UNAUTHENTICATED');
  });

  it('is refused when the issuer does not publish its key', async () => {
    const [published, foreign] = [await issue('ES256', 'one'), await issue('ES256', 'two')];
    answer = { status: 200, body: JSON.stringify({ keys: [published.jwk] }) };
    const authenticator = createAuthenticator({ jwksUrl, ...expectations });
    expect((await refusalOf(authenticator.authenticate(`Bearer ${foreign.token}`))).code).toBe('UNAUTHENTICATED');
  });

  it('follows the issuer from key to key: a new one is read when it is used, a withdrawn one forgotten', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const old = await issue('ES256', 'old');
      answer = { status: 200, body: JSON.stringify({ keys: [old.jwk] }) };
      requests = 0;
      const authenticator = createAuthenticator({ jwksUrl, ...expectations });
      await authenticator.authenticate(`Bearer ${old.token}`);
      vi.setSystemTime(Date.now() + 31_000);
      const next = await issue('ES256', 'next');
      answer = { status: 200, body: JSON.stringify({ keys: [next.jwk] }) };
      await expect(authenticator.authenticate(`Bearer ${next.token}`)).resolves.toMatchObject({ tenant: 'acme' });
      expect(requests).toBe(2);
      await authenticator.authenticate(`Bearer ${next.token}`);
      expect(requests).toBe(2);
      vi.setSystemTime(Date.now() + 660_000);
      const late = await new SignJWT({ tenant: 'acme', sub: 'x', iss: expectations.issuer, aud: 'catalyst', exp: nowSeconds() + 60 }).setProtectedHeader({ alg: 'ES256', kid: 'old' }).sign(old.pair.privateKey);
      expect((await refusalOf(authenticator.authenticate(`Bearer ${late}`))).message).toContain('does not publish');
    } finally {
      vi.useRealTimers();
    }
  });

  it('is refused by an algorithm that is not allowed, though the key fits', async () => {
    const { token, jwk } = await issue('RS256', 'one');
    answer = { status: 200, body: JSON.stringify({ keys: [jwk] }) };
    expect((await refusalOf(createAuthenticator({ jwksUrl, algorithms: ['EdDSA', 'ES256'], ...expectations }).authenticate(`Bearer ${token}`))).message).toContain('algorithm');
    await expect(createAuthenticator({ jwksUrl, algorithms: ['RS256'], ...expectations }).authenticate(`Bearer ${token}`)).resolves.toMatchObject({ tenant: 'acme' });
  });

  it.each([
    ['answers 500', { status: 500, body: '' }],
    ['answers no key set', { status: 200, body: '{"keys": 1}' }],
    ['answers no JSON', { status: 200, body: '<html>' }],
  ])('cannot be judged while the issuer %s', async (_what, broken) => {
    const { token } = await issue('RS256', 'one');
    answer = broken;
    expect((await refusalOf(createAuthenticator({ jwksUrl, ...expectations }).authenticate(`Bearer ${token}`))).code).toBe('AUTHENTICATION_UNAVAILABLE');
  });

  it('cannot be judged while the issuer is unreachable', async () => {
    const { token } = await issue('RS256', 'one');
    const error = await refusalOf(createAuthenticator({ jwksUrl: 'http://127.0.0.1:9/jwks', ...expectations }).authenticate(`Bearer ${token}`));
    expect(error.class.status).toBe(503);
  });
});

describe('a token of a public key at hand', () => {
  async function pairOf(algorithm: string) {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const token = await new SignJWT({ tenant: 'acme', sub: 'x', iss: expectations.issuer, aud: 'catalyst', exp: nowSeconds() + 60 }).setProtectedHeader({ alg: algorithm }).sign(pair.privateKey);
    return { token, pair, pem: await exportSPKI(pair.publicKey) };
  }

  it.each(['EdDSA', 'ES256', 'RS256', 'ES384', 'ES512', 'PS256', 'RS512', 'Ed25519'] as const)('is accepted with %s', async (algorithm) => {
    const { token, pem } = await pairOf(algorithm);
    await expect(createAuthenticator({ publicKey: pem, algorithms: [algorithm], ...expectations }).authenticate(`Bearer ${token}`)).resolves.toMatchObject({ tenant: 'acme' });
  });

  it('is accepted by the old and the new key while they change, with line ends as they come from an environment', async () => {
    const [old, next, stranger] = [await pairOf('EdDSA'), await pairOf('EdDSA'), await pairOf('EdDSA')];
    const authenticator = createAuthenticator({ publicKey: `${old.pem}${next.pem}`.replaceAll('\n', '\\n'), ...expectations });
    for (const { token } of [old, next]) await expect(authenticator.authenticate(`Bearer ${token}`)).resolves.toMatchObject({ tenant: 'acme' });
    expect((await refusalOf(authenticator.authenticate(`Bearer ${stranger.token}`))).message).toContain('signature');
  });

  it('is refused when signed with the public key as a shared secret, or of another kind of key', async () => {
    const { pem } = await pairOf('EdDSA');
    const authenticator = createAuthenticator({ publicKey: pem, ...expectations });
    expect((await refusalOf(authenticator.authenticate(`Bearer ${await signToken({}, { key: pem })}`))).code).toBe('UNAUTHENTICATED');
    expect((await refusalOf(authenticator.authenticate(`Bearer ${(await pairOf('ES256')).token}`))).code).toBe('UNAUTHENTICATED');
  });

  it('needs public keys that may sign', async () => {
    const { pair } = await pairOf('EdDSA');
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const agreement = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const broken = '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----';
    for (const publicKey of ['', 'no key', broken, weak, agreement, await exportPKCS8(pair.privateKey)]) {
      expect(() => createAuthenticator({ publicKey, ...expectations }), publicKey).toThrow(/CATALYST_AUTH_PUBLIC_KEY/);
    }
  });
});

describe('an API key', () => {
  it('is nobody where there are no API keys', async () => {
    const { token } = await makeApiKey();
    expect((await refusalOf(createAuthenticator({ secret, ...expectations }).authenticate(`Bearer ${token}`))).code).toBe('UNAUTHENTICATED');
  });
});

describe('the routes below /v1', () => {
  let api: RunningApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it.each(['/v1/search', '/v1/jobs/0198c0de-0000-7000-8000-000000000000', '/v1/uploads', '/v1/ingest/bulk', '/v1/unknown', '/V1/search'])('answer 401 or nothing at %s without a token', async (path) => {
    const response = await fetch(`${api.url}${path}`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(path.startsWith('/v1/') ? 401 : 404);
  });

  it('say how to authenticate, and whether the token was the trouble', async () => {
    const without = await fetch(`${api.url}/v1/search`, { method: 'POST' });
    expect(without.headers.get('www-authenticate')).toBe('Bearer realm="catalyst"');
    const expired = await fetch(`${api.url}/v1/search`, { method: 'POST', headers: { authorization: `Bearer ${await signToken({}, { expires: '-1h' })}` } });
    expect(expired.headers.get('www-authenticate')).toBe('Bearer realm="catalyst", error="invalid_token"');
    expect(((await expired.json()) as Problem).code).toBe('UNAUTHENTICATED');
  });

  it('answer 503 while the keys cannot be read', async () => {
    const other = await startApi({ authenticator: createAuthenticator({ jwksUrl: 'http://127.0.0.1:9/jwks', ...expectations }) });
    const pair = await generateKeyPair('ES256');
    const token = await new SignJWT({ tenant: 'acme', sub: 'x' }).setProtectedHeader({ alg: 'ES256' }).sign(pair.privateKey);
    const response = await fetch(`${other.url}/v1/search`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    await other.close();
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([503, null]);
  });
});
