import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { completeEnvironment as development } from './completeEnvironment.ts';

const production = {
  ...development,
  CATALYST_PROFILE: 'production',
  DATABASE_URL: 'postgres://catalyst:secret@database.internal:5432/catalyst',
  S3_ENDPOINT: 'https://s3.eu-central-1.amazonaws.com',
  QDRANT_URL: 'https://qdrant.internal:6333',
  TEMPORAL_ADDRESS: 'catalyst.a1b2c.tmprl.cloud:7233',
  TEMPORAL_NAMESPACE: 'catalyst.a1b2c',
  TEMPORAL_API_KEY: 'cloud-key',
  CATALYST_AUTH_ISSUER: 'https://identity.example',
  FIRECRAWL_API_KEY: 'fc-key',
};

function problemsOf(environment: Record<string, string>): string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(CatalystError);
    return (thrown as CatalystError).problems.map((problem) => problem.pointer);
  }
}

describe('loadConfig', () => {
  it('fills in defaults and freezes all of it', () => {
    const config = loadConfig(development);
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 7400 });
    expect(config.temporal).toMatchObject({ namespaces: { common: 'default', own: {} }, uiOrigins: [], connectionOptions: { address: '127.0.0.1:7401' } });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.ingestion.chunking)).toBe(true);
    expect(() => Object.assign(config.ingestion.chunking, { maximumTokens: 1 })).toThrow(TypeError);
  });

  it('fetches from the ports of the web unless it is told others, or fetches from private addresses', () => {
    const portsOf = (more: Record<string, string>) => loadConfig({ ...development, ...more }).fetching.ports;
    expect(portsOf({ CATALYST_FETCH_PRIVATE_ADDRESSES: 'false' })).toEqual([80, 443, 8080, 8443]);
    expect(portsOf({ CATALYST_FETCH_PORTS: '443, 8000' })).toEqual([443, 8000]);
    expect(portsOf({ CATALYST_FETCH_PORTS: '443', CATALYST_FETCH_PRIVATE_ADDRESSES: 'true' })).toEqual([443]);
    expect(portsOf({ CATALYST_FETCH_PORTS: 'any' })).toBeUndefined();
    expect(portsOf({ CATALYST_FETCH_PRIVATE_ADDRESSES: 'true' })).toBeUndefined();
    for (const wrong of ['0', '65536', '80-90', 'http', ',']) expect(problemsOf({ ...development, CATALYST_FETCH_PORTS: wrong }), wrong).toEqual(['CATALYST_FETCH_PORTS']);
  });

  it('lets pages of the origins that are named call it, and takes no other form of them', () => {
    expect(loadConfig(development).api.corsOrigins).toEqual([]);
    expect(loadConfig({ ...development, CATALYST_API_CORS_ORIGINS: 'https://app.example.org, http://localhost:3000' }).api.corsOrigins).toEqual(['https://app.example.org', 'http://localhost:3000']);
    for (const wrong of ['*', 'app.example.org', 'https://app.example.org/', 'https://app.example.org/x', 'https://APP.example.org', 'null', 'file:///x']) expect(problemsOf({ ...development, CATALYST_API_CORS_ORIGINS: wrong }), wrong).toEqual(['CATALYST_API_CORS_ORIGINS']);
  });

  it('has a second way of cutting where one is named, which the model has to take', () => {
    const ingestionOf = (more: Record<string, string>) => loadConfig({ ...development, ...more }).ingestion;
    expect(ingestionOf({}).nextChunking).toBeUndefined();
    expect(ingestionOf({ CATALYST_NEXT_CHUNK_TOKENS: '200' }).nextChunking).toEqual({ maximumTokens: 200, overlapTokens: 48 });
    expect(ingestionOf({ CATALYST_NEXT_CHUNK_OVERLAP_TOKENS: '0' }).nextChunking).toEqual({ maximumTokens: 448, overlapTokens: 0 });
    expect(() => ingestionOf({ CATALYST_NEXT_CHUNK_TOKENS: '600' })).toThrow('CATALYST_NEXT_CHUNK_TOKENS');
  });

  it('takes empty variables for unset ones', () => {
    expect(loadConfig({ ...development, FIRECRAWL_API_KEY: '' }).firecrawl).toBeUndefined();
  });

  it('accepts a complete production configuration, Temporal Cloud by API key included', () => {
    const config = loadConfig(production);
    expect(config.profile).toBe('production');
    expect(config.temporal).toMatchObject({ namespaces: { common: 'catalyst.a1b2c' }, connectionOptions: { apiKey: 'cloud-key', tls: true } });
  });

  it('accepts Temporal Cloud by mTLS', () => {
    const { TEMPORAL_API_KEY: _key, ...rest } = production;
    const config = loadConfig({ ...rest, TEMPORAL_TLS_CLIENT_CERT_DATA: 'certificate', TEMPORAL_TLS_CLIENT_KEY_DATA: 'key' });
    expect(config.temporal.connectionOptions.tls).toMatchObject({ clientCertPair: { crt: expect.anything() as unknown, key: expect.anything() as unknown } });
  });

  it('takes one kind of key for tokens, and says what may be signed by', () => {
    const { CATALYST_AUTH_SECRET: _secret, ...keyless } = development;
    const { authentication } = loadConfig({ ...keyless, CATALYST_AUTH_PUBLIC_KEY: 'PEM', CATALYST_AUTH_ALGORITHMS: 'EdDSA, ES384', CATALYST_AUTH_DEFAULT_ROLE: 'reader' });
    expect(authentication).toMatchObject({ publicKey: 'PEM', secret: undefined, jwksUrl: undefined, algorithms: ['EdDSA', 'ES384'], defaultRole: 'reader' });
    expect(loadConfig(development).authentication).toMatchObject({ algorithms: undefined, defaultRole: undefined });
    expect(problemsOf({ ...development, CATALYST_AUTH_PUBLIC_KEY: 'PEM' })).toEqual(['CATALYST_AUTH_PUBLIC_KEY or CATALYST_AUTH_SECRET']);
    expect(problemsOf({ ...development, CATALYST_AUTH_ALGORITHMS: 'ES256' })).toEqual(['CATALYST_AUTH_ALGORITHMS']);
    for (const list of ['none', 'HS256', 'ES256,none', ',']) expect(problemsOf({ ...keyless, CATALYST_AUTH_PUBLIC_KEY: 'PEM', CATALYST_AUTH_ALGORITHMS: list }), list).toEqual(['CATALYST_AUTH_ALGORITHMS']);
    for (const role of ['platform-admin', 'king']) expect(problemsOf({ ...development, CATALYST_AUTH_DEFAULT_ROLE: role }), role).toEqual(['CATALYST_AUTH_DEFAULT_ROLE']);
    const { CATALYST_AUTH_SECRET: _other, ...published } = production;
    expect(problemsOf({ ...published, CATALYST_AUTH_JWKS_URL: 'http://identity.example/jwks' })).toEqual(['CATALYST_AUTH_JWKS_URL']);
    expect(problemsOf({ ...published, CATALYST_AUTH_JWKS_URL: 'https://identity.example/jwks' })).toEqual([]);
  });

  it('lists all that production lacks at once', () => {
    expect(problemsOf({ CATALYST_PROFILE: 'production' })).toEqual([
      'DATABASE_URL', 'S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'QDRANT_URL', 'TEMPORAL_ADDRESS',
      'CATALYST_AUTH_JWKS_URL or CATALYST_AUTH_PUBLIC_KEY or CATALYST_AUTH_SECRET', 'CATALYST_PRINCIPAL_KEYS', 'CATALYST_EMBEDDING_MODEL_DIR', 'FIRECRAWL_API_KEY', 'CATALYST_AUTH_ISSUER',
    ]);
  });

  it.each(Object.keys(production).filter((name) => !['CATALYST_PROFILE', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY'].includes(name)))('refuses production without %s', (name) => {
    const { [name]: _removed, ...rest } = production as Record<string, string>;
    expect(problemsOf(rest)).toHaveLength(1);
  });

  it.each([
    ['QDRANT_URL', 'http://127.0.0.1:7405'],
    ['DATABASE_URL', development.DATABASE_URL],
    ['S3_ENDPOINT', development.S3_ENDPOINT],
    ['CATALYST_EMBEDDING_PROVIDER', 'stub'],
    ['CATALYST_FETCH_PRIVATE_ADDRESSES', 'true'],
    ['CATALYST_AUTH_ISSUER', 'catalyst-development'],
  ])('refuses the development default %s=%s in production', (name, value) => {
    expect(problemsOf({ ...production, [name]: value })).toEqual([name]);
  });

  it('names a variable with a wrong value, its rule and what it is for', () => {
    expect(() => loadConfig({ ...development, CATALYST_API_PORT: 'seven' })).toThrow(/CATALYST_API_PORT.*Port the API listens on/s);
    expect(() => loadConfig({ ...development, CATALYST_AUTH_SECRET: 'short' })).toThrow(/at least 32 characters/);
    expect(() => loadConfig({ ...development, CATALYST_CHUNK_TOKENS: '600' })).toThrow(/CATALYST_CHUNK_TOKENS is 600, above the model’s limit of 512/);
  });

  it('never repeats the value of a secret', () => {
    expect(() => loadConfig({ ...development, CATALYST_AUTH_SECRET: 'hunter2' })).toThrow(expect.not.objectContaining({ message: expect.stringContaining('hunter2') as unknown }) as Error);
  });
});
