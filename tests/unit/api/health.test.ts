import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { readinessSchema } from '../../../src/contracts/health.ts';
import type { Readiness } from '../../../src/contracts/health.ts';
import type { HealthCheck } from '../../../src/ports/healthCheck.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

const answers = (name: HealthCheck['name'], afterMs = 0): HealthCheck => ({ name, check: () => new Promise((resolve) => setTimeout(resolve, afterMs, 'version 1')) });
const hangs: HealthCheck = { name: 'qdrant', check: () => new Promise(() => undefined) };
const fails: HealthCheck = { name: 's3', check: () => Promise.reject(new CatalystError('ARTIFACT_STORE_UNAVAILABLE', 'The store at 127.0.0.1:9 refuses connections.')) };
const breaks: HealthCheck = { name: 'embedder', check: () => { throw new TypeError('internal detail'); } };

let api: RunningApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function readiness(): Promise<{ status: number; body: Readiness; tookMs: number }> {
  const startedAt = performance.now();
  const response = await fetch(`${api?.url}/readyz`);
  const body = readinessSchema.parse(await response.json());
  return { status: response.status, body, tookMs: performance.now() - startedAt };
}

describe('/readyz', () => {
  it('tells of each dependency, checked side by side', async () => {
    let begun = 0;
    const allAtOnce = (name: HealthCheck['name']): HealthCheck => ({
      name,
      async check(signal) {
        for (begun += 1; begun < 3; ) await sleep(5);
        return answers(name, 300).check(signal);
      },
    });
    api = await startApi({ healthChecks: [allAtOnce('temporal'), allAtOnce('postgres'), allAtOnce('s3')] });
    const { status, body } = await readiness();
    expect([status, body.status]).toEqual([200, 'ready']);
    expect(body.dependencies).toMatchObject([{ name: 'temporal', ok: true, detail: 'version 1' }, { name: 'postgres' }, { name: 's3' }]);
    expect(body.dependencies[0]?.latencyMs).toBeGreaterThan(290);
  });

  it('is 503 with the remedy where one fails, and keeps unexpected messages to itself', async () => {
    api = await startApi({ healthChecks: [answers('postgres'), fails, breaks] });
    const { status, body } = await readiness();
    expect([status, body.status]).toEqual([503, 'unavailable']);
    expect(body.dependencies).toMatchObject([
      { name: 'postgres', ok: true },
      { name: 's3', ok: false, detail: 'The store at 127.0.0.1:9 refuses connections.', remedy: expect.stringContaining('S3_ENDPOINT') as string },
      { name: 'embedder', ok: false, detail: 'The check failed unexpectedly.' },
    ]);
  });

  it('is 200 and degraded where only what is optional fails', async () => {
    const reranker: HealthCheck = { name: 'reranker', optional: true, check: () => Promise.reject(new CatalystError('RERANKER_UNAVAILABLE', 'The reranker did not answer within 800 ms.')) };
    api = await startApi({ healthChecks: [answers('postgres'), reranker] });
    expect(await readiness()).toMatchObject({ status: 200, body: { status: 'degraded', dependencies: [{ name: 'postgres', ok: true, optional: false }, { name: 'reranker', ok: false, optional: true }] } });
    await api.close();
    api = await startApi({ healthChecks: [fails, reranker] });
    expect(await readiness()).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  });

  it('answers within 100 ms at the median while a dependency hangs, and says which one', async () => {
    api = await startApi({ healthChecks: [answers('postgres'), hangs] });
    const first = await readiness();
    expect(first.tookMs).toBeLessThan(2_500);
    const samples: number[] = [];
    for (let count = 0; count < 25; count += 1) {
      const { status, body, tookMs } = await readiness();
      expect([status, body.dependencies.map(({ name, ok }) => [name, ok])]).toEqual([503, [['postgres', true], ['qdrant', false]]]);
      samples.push(tookMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(samples.sort((left, right) => left - right)[12]).toBeLessThan(100);
  });

  it('is 503 once the process stops', async () => {
    api = await startApi();
    expect((await readiness()).status).toBe(200);
    api.stopping.abort();
    expect(await readiness()).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  });
});

describe('the other probes', () => {
  it('/livez answers whatever the dependencies do', async () => {
    api = await startApi({ healthChecks: [hangs], startup: { ready: false } });
    const startedAt = performance.now();
    const response = await fetch(`${api.url}/livez`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'live' }]);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('/startupz turns once start-up is done', async () => {
    api = await startApi();
    api.startup.ready = false;
    expect((await fetch(`${api.url}/startupz`)).status).toBe(503);
    const early = await fetch(`${api.url}/v1/search`, { method: 'POST' });
    expect([early.status, early.headers.get('retry-after'), ((await early.json()) as { code: string }).code]).toEqual([503, '2', 'STARTING']);
    api.startup.ready = true;
    expect((await fetch(`${api.url}/startupz`)).status).toBe(200);
  });

  it('/metrics is the text of the registry', async () => {
    api = await startApi();
    const response = await fetch(`${api.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toBe('up 1\n');
  });
});
