import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { signDevelopmentToken } from '../../../../infra/local/developmentToken.ts';
import type { StackContext } from '../../../../infra/local/dependencies/dependency.ts';
import { s3 } from '../../../../infra/local/dependencies/s3.ts';
import { temporal } from '../../../../infra/local/dependencies/temporal.ts';
import { loadLocalSettings } from '../../../../infra/local/settings.ts';
import { stackEnvironment } from '../../../../infra/local/stackEnvironment.ts';
import { loadConfig } from '../../../../src/config/load.ts';

const secrets = {
  s3AccessKeyId: 'LOCALKEY', s3SecretAccessKey: 'local-secret',
  postgresSuperuserPassword: 'superuser', postgresPassword: 'password', postgresBackupPassword: 'backup', authSecret: 'a secret of thirty-two characters',
  principalKeys: `local:${Buffer.alloc(32, 1).toString('base64')}`, payloadKeys: `local:${Buffer.alloc(32, 2).toString('base64')}`,
};
const context = (environment: Record<string, string>): StackContext => ({ settings: loadLocalSettings(environment, '/checkout'), secrets });
const choices = {
  temporal: { origin: 'cache', location: '/cache/temporal' },
  postgres: { origin: 'package', location: '/modules/postgres' },
  s3: { origin: 'cache', location: '/cache/versitygw' },
  qdrant: { origin: 'cache', location: '/cache/qdrant' },
  model: { origin: 'cache', location: '/cache/model' },
} as const;

describe('stackEnvironment', () => {
  it('is a complete configuration of the product', () => {
    const config = loadConfig(stackEnvironment(context({}), choices));
    expect(config.database.url).toBe('postgresql://catalyst:password@127.0.0.1:7403/catalyst');
    expect(config.artifacts).toMatchObject({ endpoint: 'http://127.0.0.1:7404', bucket: 'catalyst', accessKeyId: 'LOCALKEY' });
    expect(config.temporal).toMatchObject({ connectionOptions: { address: '127.0.0.1:7401' }, namespaces: { common: 'default', own: {} } });
    expect([config.principals.keys[0]?.id, config.principals.acceptUnsigned, config.payloads.encrypt]).toEqual(['local', false, false]);
  });

  it('lets the values of the user win', () => {
    const own = { QDRANT_URL: 'http://qdrant:6333', CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_STATE_DIR: 'relative' };
    const environment = stackEnvironment(context(own), { ...choices, qdrant: { origin: 'address', location: 'http://qdrant:6333' } });
    expect(environment).toMatchObject({ ...own, CATALYST_EMBEDDING_MODEL_DIR: '/cache/model', CATALYST_STATE_DIR: '/checkout/relative' });
  });

  it('starts S3 with the keys that the product will sign with', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalyst-unit-'));
    const own = context({ S3_ACCESS_KEY_ID: 'mine', CATALYST_STATE_DIR: folder });
    const plan = await s3.plan(own, choices.s3);
    const environment = stackEnvironment(own, choices);
    expect(plan?.environment).toMatchObject({ ROOT_ACCESS_KEY: environment['S3_ACCESS_KEY_ID'], ROOT_SECRET_KEY: environment['S3_SECRET_ACCESS_KEY'] });
    expect(environment['S3_ACCESS_KEY_ID']).toBe('mine');
    expect(plan?.arguments.join(' ')).not.toContain('local-secret');
    rmSync(folder, { recursive: true });
  });

  it('shields the local Temporal from the client configuration of another one', () => {
    expect(temporal.environment(context({}), choices.temporal)['TEMPORAL_CONFIG_FILE']).toBe('/checkout/.catalyst/temporal/client.toml');
    expect(temporal.environment(context({}), { origin: 'address', location: 'cloud:7233' })).toEqual({});
  });
});

describe('signDevelopmentToken', () => {
  it('names tenant, roles, issuer and audience, for 30 days', async () => {
    const environment = stackEnvironment(context({ CATALYST_AUTH_AUDIENCE: 'other' }), choices);
    const token = await signDevelopmentToken(environment);
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secrets.authSecret), { issuer: 'catalyst-development', audience: 'other' });
    expect(payload).toMatchObject({ sub: 'developer', tenant: 'demo', roles: ['tenant-admin'], policies: [] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(30 * 24 * 3600);
  });
});
