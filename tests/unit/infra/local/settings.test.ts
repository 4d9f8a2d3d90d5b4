import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalStackError } from '../../../../infra/local/localStackError.ts';
import { withEnvironmentFile } from '../../../../infra/local/processEnvironment.ts';
import { loadLocalSettings } from '../../../../infra/local/settings.ts';

describe('loadLocalSettings', () => {
  it('counts all ports up from 7400 and keeps state in the working directory', () => {
    const settings = loadLocalSettings({}, '/checkout');
    expect(settings.ports).toEqual({ api: 7400, temporal: 7401, temporalUi: 7402, postgres: 7403, s3: 7404, qdrant: 7405, workerMetrics: 7406, qdrantGrpc: 7407, codec: 7408 });
    expect(settings.stateDirectory).toBe('/checkout/.catalyst');
    expect(settings.cacheDirectory).toBe(join(homedir(), '.cache', 'catalyst-index'));
  });

  it('moves all ports with the base, and single ones with their own variable', () => {
    const { ports } = loadLocalSettings({ CATALYST_LOCAL_PORT_BASE: '9000', CATALYST_LOCAL_S3_PORT: '4566' }, '/checkout');
    expect(ports).toMatchObject({ api: 9000, temporal: 9001, s3: 4566, qdrant: 9005 });
  });

  it('takes the cache folder from its own variable before XDG_CACHE_HOME', () => {
    expect(loadLocalSettings({ XDG_CACHE_HOME: '/caches' }, '/').cacheDirectory).toBe('/caches/catalyst-index');
    expect(loadLocalSettings({ XDG_CACHE_HOME: '/caches', CATALYST_CACHE_DIR: 'own' }, '/checkout').cacheDirectory).toBe('/checkout/own');
  });

  it('names every variable that cannot be used', () => {
    const load = () => loadLocalSettings({ CATALYST_API_PORT: 'seven', CATALYST_LOCAL_QDRANT_PORT: '70000' }, '/');
    expect(load).toThrow(LocalStackError);
    expect(load).toThrow(/CATALYST_API_PORT.*CATALYST_LOCAL_QDRANT_PORT/);
  });

  it('refuses a base from which the last port would not exist', () => {
    expect(() => loadLocalSettings({ CATALYST_LOCAL_PORT_BASE: '65530' }, '/')).toThrow(/CATALYST_LOCAL_PORT_BASE/);
  });

  it('refuses one port for two services and names both', () => {
    expect(() => loadLocalSettings({ CATALYST_LOCAL_S3_PORT: '7401' }, '/')).toThrow(/7401 is given to two services: temporal and s3/);
  });
});

describe('withEnvironmentFile', () => {
  it('lays the environment over the .env file and drops empty variables', () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalyst-env-'));
    writeFileSync(join(folder, '.env'), '# comment\nCATALYST_API_PORT=8000\nQDRANT_URL="http://qdrant:6333"\nS3_ENDPOINT=\n');
    expect(withEnvironmentFile({ CATALYST_API_PORT: '9000' }, folder)).toEqual({ CATALYST_API_PORT: '9000', QDRANT_URL: 'http://qdrant:6333' });
    rmSync(folder, { recursive: true });
    expect(withEnvironmentFile({ A: 'b' }, folder)).toEqual({ A: 'b' });
  });
});
