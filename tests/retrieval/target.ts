import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, SignJWT } from 'jose';
import { processEnvironment, withEnvironmentFile } from '../../infra/local/processEnvironment.ts';
import type { Environment } from '../../infra/local/processEnvironment.ts';
import { loadSecrets } from '../../infra/local/secrets.ts';
import { loadLocalSettings, portVariables } from '../../infra/local/settings.ts';
import { startTestStack } from '../../infra/local/testStack.ts';
import { CatalystClient } from '../../src/sdk/client.ts';

export interface TargetOptions {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly tenant: string;
  readonly log: (line: string) => void;
}

/** An API to evaluate, and a tenant of it. */
export interface Target {
  readonly client: CatalystClient;
  readonly tenant: string;
  /** Ends what was started for this target; nothing where it was running before. */
  stop(): Promise<void>;
}

/** The API that is named, else the stack running in this folder, else a stack of its own that is gone afterwards. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  if (options.token !== undefined) {
    const url = options.url ?? (await runningStack())?.url;
    if (url === undefined) throw new Error('No stack runs in this folder: name the API of the token with --url.');
    const { tenant } = decodeJwt(options.token);
    return { client: new CatalystClient({ url, token: options.token }), tenant: String(tenant), stop: () => Promise.resolve() };
  }
  const running = await runningStack();
  if (running !== undefined) {
    options.log(`using the stack at ${running.url}`);
    return targetOf(running.url, running.environment, options.tenant, () => Promise.resolve());
  }
  if (options.url !== undefined) throw new Error('--url needs a --token: no stack of this folder runs whose secret could sign one.');
  options.log('no stack runs in this folder: starting one for this evaluation');
  const stack = await startTestStack({ environment: { CATALYST_LOG_LEVEL: 'warn', ...ownSettings() }, log: options.log });
  return targetOf(stack.apiUrl, stack.environment, options.tenant, () => stack.stop());
}

async function targetOf(url: string, environment: Environment, tenant: string, stop: () => Promise<void>): Promise<Target> {
  return { client: new CatalystClient({ url, token: await signToken(environment, tenant) }), tenant, stop };
}

async function runningStack(): Promise<{ readonly url: string; readonly environment: Environment } | undefined> {
  const settings = loadLocalSettings(withEnvironmentFile(processEnvironment(), process.cwd()), process.cwd());
  const text = await readFile(join(settings.stateDirectory, 'connection.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { url } = JSON.parse(text) as { url: string };
  // Left over from a stack that has stopped: one question is enough to tell.
  const answers = await new CatalystClient({ url, retries: 0, timeoutMs: 5000 }).health().then(() => true, () => false);
  if (!answers) return undefined;
  const { authSecret } = await loadSecrets(settings.stateDirectory);
  return { url, environment: { CATALYST_AUTH_SECRET: authSecret, ...settings.environment } };
}

async function signToken(environment: Environment, tenant: string): Promise<string> {
  return new SignJWT({ tenant, roles: ['tenant-admin'], policies: [] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(environment['CATALYST_AUTH_ISSUER'] ?? 'catalyst-development')
    .setAudience(environment['CATALYST_AUTH_AUDIENCE'] ?? 'catalyst')
    .setSubject('evaluation')
    .setIssuedAt()
    .setExpirationTime('24h')
    .sign(new TextEncoder().encode(environment['CATALYST_AUTH_SECRET'] ?? ''));
}

/** What the user sets for what is evaluated (model, chunking, a real Qdrant): all but the place of the stack itself. */
function ownSettings(): Environment {
  const place = new Set<string>(['CATALYST_STATE_DIR', 'CATALYST_PROFILE', 'CATALYST_LOCAL_PORT_BASE', ...Object.values(portVariables)]);
  const own = /^(CATALYST_|TEMPORAL_|S3_|AWS_|QDRANT_|DATABASE_URL$)/;
  const environment = withEnvironmentFile(processEnvironment(), process.cwd());
  return Object.fromEntries(Object.entries(environment).filter(([name]) => own.test(name) && !place.has(name)));
}
