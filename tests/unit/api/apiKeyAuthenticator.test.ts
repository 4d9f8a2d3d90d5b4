import { describe, expect, it } from 'vitest';
import { createApiKeyAuthenticator } from '../../../src/api/authentication/apiKeyAuthenticator.ts';
import { makeApiKey, readApiKey } from '../../../src/api/authentication/apiKeySecret.ts';
import type { PresentedSecret } from '../../../src/api/authentication/apiKeySecret.ts';
import { hashSecret, isSecretOf } from '../../../src/api/authentication/secretHash.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import type { ApiKeyRegistry, PresentedApiKey } from '../../../src/ports/apiKeyRegistry.ts';

async function keyOf(registry: (key: PresentedApiKey) => Partial<ApiKeyRegistry>) {
  const { token, record } = await makeApiKey();
  const key: PresentedApiKey = { tenant: 'acme', id: 'one', scopes: [], policies: [], secret: record, expiresAt: null, revokedAt: null, lastUsedAt: null };
  const events: DomainEvent[] = [];
  const authenticator = createApiKeyAuthenticator({ registry: { lookUp: () => Promise.resolve(key), markUsed: () => Promise.resolve(), ...registry(key) }, emit: (event) => events.push(event) });
  return { authenticate: () => authenticator.authenticate(readApiKey(token) as PresentedSecret), events };
}

describe('API keys', () => {
  it('are told from tokens by their form', async () => {
    const { token } = await makeApiKey();
    expect(readApiKey(token)?.prefix).toMatch(/^catalyst_[a-z2-7]{12}$/);
    for (const other of [`${token}x`, token.slice(0, -1), token.toUpperCase(), 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', '']) expect(readApiKey(other)).toBeUndefined();
  });

  it('cannot be judged while the registry is away, and no old knowledge stands in', async () => {
    let away = false;
    const { authenticate } = await keyOf((key) => ({ lookUp: () => (away ? Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres does not answer.')) : Promise.resolve(key)) }));
    await authenticate();
    away = true;
    await new Promise((resolve) => setTimeout(resolve, 450));
    await expect(authenticate()).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
    away = false;
    await expect(authenticate()).resolves.toMatchObject({ tenant: 'acme' });
  });

  it('are not waited for without end, and a registry that hangs is asked once', async () => {
    let asked = 0;
    const { authenticate } = await keyOf(() => ({ lookUp: () => new Promise(() => void (asked += 1)) }));
    const first = authenticate();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const startedAt = performance.now();
    await expect(authenticate()).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
    expect(performance.now() - startedAt).toBeLessThan(200);
    await expect(first).rejects.toMatchObject({ code: 'AUTHENTICATION_UNAVAILABLE' });
    expect(asked).toBe(1);
  }, 10_000);

  it('are accepted although their last use cannot be recorded, which is told', async () => {
    const { authenticate, events } = await keyOf(() => ({ markUsed: () => Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres does not answer.')) }));
    await expect(authenticate()).resolves.toMatchObject({ subject: 'key:one' });
    await expect.poll(() => events).toMatchObject([{ type: 'dependency.failed', code: 'REGISTRY_UNAVAILABLE' }]);
  });
});

describe('the hash of a secret', () => {
  it('is another each time, proves its secret and no other', async () => {
    const [one, two] = [await hashSecret('secret'), await hashSecret('secret')];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^scrypt\$4096\$8\$1\$/);
    expect([await isSecretOf(one, 'secret'), await isSecretOf(two, 'secret'), await isSecretOf(one, 'Secret'), await isSecretOf('secret', 'secret'), await isSecretOf('', '')]).toEqual([true, true, false, false, false]);
  });
});
