import { SignJWT } from 'jose';
import { startTestStack } from '../../infra/local/testStack.ts';
import type { TestStack, TestStackOptions } from '../../infra/local/testStack.ts';
import { CatalystClient } from '../../src/sdk/client.ts';

export interface FullStack extends TestStack {
  /** A client for a tenant of the test. */
  clientFor(tenant: string, policies?: readonly string[]): Promise<CatalystClient>;
  tokenFor(tenant: string, claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** API, worker and all their servers, for one test file. */
export async function startFullStack(environment: Readonly<Record<string, string>> = {}, options: Pick<TestStackOptions, 'adaptEnvironment' | 'log' | 'services'> = {}): Promise<FullStack> {
  const stack = await startTestStack({ ...options, environment: { CATALYST_FETCH_PRIVATE_ADDRESSES: 'true', CATALYST_LOG_LEVEL: 'warn', ...environment } });
  const secret = new TextEncoder().encode(stack.environment['CATALYST_AUTH_SECRET']);
  const tokenFor = (tenant: string, claims: Readonly<Record<string, unknown>> = {}) =>
    new SignJWT({ tenant, roles: ['tenant-admin'], policies: [], ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('catalyst-development')
      .setAudience('catalyst')
      .setSubject('tester')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(secret);
  return {
    ...stack,
    tokenFor,
    async clientFor(tenant, policies = []) {
      return new CatalystClient({ url: stack.apiUrl, token: await tokenFor(tenant, { policies }) });
    },
  };
}
